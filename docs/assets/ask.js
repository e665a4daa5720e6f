// The box that understands what was done or denied, and the visit it makes up. It finds what
// `cdtref.search` finds, from the same index: there is no rule and no word in it. What each step is
// for stands in src/cdtref/querying.py and fitting.py, which it follows.
(function () {
  "use strict";
  const { all, answers, box, cite, file, fill, first, last, long, marks, root, table, wrong } = window.cdtref;
  const input = box.elements.q;
  const said = document.getElementById("ask-said");
  const list = document.getElementById("ask-hits");
  const panel = document.getElementById("ask-panel");
  const rest = document.getElementById("ask-rest");

  // The index ------------------------------------------------------------------------------------

  const words = (text) => text.match(/[a-z0-9]+/g) || [];
  const alone = (pattern) => new RegExp("(?<![a-z0-9])(?:" + pattern + ")(?![a-z0-9])", "g");
  const set = (text) => new Set(text.split(" "));
  const isNumber = (word) => /^\d+$/.test(word);
  const isYear = (word) => /^(19|20)\d\d$/.test(word);
  const isAlpha = (word) => /^[a-z]+$/.test(word);

  // From each word to what it means or is a kind of.
  function byWord(meant) {
    const found = new Map();
    meant.split("|").forEach((row) => {
      const [own, ...kinds] = row.split(" ");
      kinds.forEach((word) => found.set(word, [...(found.get(word) || []), own]));
    });
    return found;
  }

  function prepare(known) {
    for (const name in known.sets) known[name] = set(known.sets[name]);
    const halves = known.joined.split(/[ -]/);
    known.joined = set(known.joined.replaceAll("-", ""));
    known.small = [...known.fillers].filter((word) => word.length > 2).sort();
    known.laterDates = new RegExp(known.beforeLaterDates);
    known.ours = new Set(known.codes);
    known.remittances = new Set(known.things.remittance.map(([id]) => id).filter((id) => !known.groups.has(id)));
    known.groupNumber = new RegExp("^(" + [...known.groups].sort().join("|") + ")([a-z]?\\d+)$");
    known.datePatterns = known.dates.map(([pattern, order]) => [alone(pattern), order]);
    known.codePattern = alone(known.code);
    known.barePattern = alone(known.bareCode);
    known.kinds = byWord(known.kinds);
    known.same = byWord(known.same);
    known.all = [];
    known.names = [];
    known.thingOf = [];
    known.asks = new Set();
    known.namesWith = new Map();
    for (const [kind, rows] of Object.entries(known.things)) {
      for (const [id, title, named, address] of rows) {
        const thing = { kind, id, title, bias: known.bias[kind] || 0 };
        const usual = known.addresses[kind] || "";
        thing.address = address === undefined ? usual.replace("{id}", id).replace("{ID}", id.toUpperCase()) : address;
        known.all.push(thing);
        for (const name of named ? named.split("|") : []) {
          if (name[0] === "~") known.asks.add(known.names.length);
          known.names.push(name === "=" ? stemsOf(known, title) : name.replace("~", "").split(" "));
          known.thingOf.push(known.all.length - 1);
        }
      }
    }
    known.names.forEach((stems, number) =>
      stems.forEach((stem) => {
        if (!known.namesWith.has(stem)) known.namesWith.set(stem, []);
        known.namesWith.get(stem).push(number);
      }),
    );
    known.isService = known.names.map((_, number) => known.all[known.thingOf[number]].kind === "service");
    known.isDenying = known.names.map((stems) => stems.some((stem) => stem === known.later || known.denies.includes(stem)));
    known.key = known.names.map((stems) => [...stems].sort().join(" "));
    const services = new Map();
    known.key.forEach((key, number) => {
      if (known.isService[number]) services.set(key, (services.get(key) || new Set()).add(known.thingOf[number]));
    });
    known.ambiguous = (name) => services.has(known.key[name]) && services.get(known.key[name]).size > 1;
    known.weights = new Map();
    known.namesWith.forEach((names, stem) =>
      known.weights.set(stem, known.rarity[new Set(names.map((name) => known.thingOf[name])).size]),
    );
    known.weights.forEach((_, word) => /^\d{4}$/.test(word) && known.weights.set(word, known.YEAR_WEIGHT));
    known.codes.forEach((code) => known.weights.set(code, known.CODE_WEIGHT));
    known.remittances.forEach((code) => known.weights.set(code, known.REMITTANCE_WEIGHT));
    known.weigh = (stem) => known.weights.get(stem) ?? known.UNKNOWN;
    known.nameWeight = known.names.map((name) => name.reduce((sum, stem) => sum + known.weights.get(stem), 0));
    const every = [...known.namesWith.keys(), ...known.same.keys(), ...known.kinds.keys(), ...halves];
    known.spelled = new Set(every.filter((word) => !known.ours.has(word) && !known.fillers.has(word)));
    const single = new Set(known.names.filter((name) => name.length === 1).map(([stem]) => stem));
    known.isSingle = (word) => single.has(meant(known, word));
    known.spellings = [...known.spelled].sort();
    known.without = new Map();
    known.spellings.forEach((word) => {
      if (!isAlpha(word)) return;
      withoutOne(word).forEach((short) => {
        if (!known.without.has(short)) known.without.set(short, []);
        known.without.get(short).push(word);
      });
    });
    return known;
  }

  function cut(known, word) {
    if (!isAlpha(word)) return word;
    for (const row of known.endings) {
      const found = row.find(([ending, , least]) => word.endsWith(ending) && word.length - ending.length >= least);
      if (found) word = word.slice(0, word.length - found[0].length) + found[1];
    }
    if (word.length > 3 && word.at(-1) === word.at(-2) && !"ls".includes(word.at(-1))) word = word.slice(0, -1);
    return word;
  }
  const stemOf = (known, word) => meant(known, cut(known, word));
  function inOrder(one, other) {
    const at = one.findIndex((value, at) => value !== other[at]);
    return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
  }
  const tells = (known, word) => !known.fillers.has(word) && !/^[a-z]$/.test(word);
  const withoutOne = (word) => Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));

  function oneApart(one, other) {
    if (one.length > other.length) [one, other] = [other, one];
    let at = 0;
    while (at < one.length && one[at] === other[at]) at++;
    if (one.length < other.length) return one.length + 1 === other.length && one.slice(at) === other.slice(at + 1);
    const swapped = one.slice(at + 1, at + 2) + one.slice(at, at + 1);
    return (
      one.slice(at + 1) === other.slice(at + 1) ||
      (swapped === other.slice(at, at + 2) && one.slice(at + 2) === other.slice(at + 2))
    );
  }

  function misspelt(known, word, meant, written) {
    if (word[0] !== meant[0] || !oneApart(word, meant)) return false;
    const least = Math.min(word.length, meant.length);
    if (least >= known.SHORTEST_MISSPELT) return true;
    const cut = written && written.length > word.length ? 1 : 0;
    if (least > known.SHORTEST_SWAPPED - cut && word.length !== meant.length) {
      const twice = (letter, at) => letter === word[at + 1] && word.slice(0, at) + word.slice(at + 1) === meant;
      return word.length < meant.length || [...word].some(twice);
    }
    return least >= known.SHORTEST_SWAPPED && [...word].sort().join() === [...meant].sort().join();
  }

  // A query --------------------------------------------------------------------------------------

  const plain = (text) =>
    text
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/['’`]/g, "");
  const parted = (text) => text.replace(/[&+,;]/g, " and ");

  const parts = (known, word) => {
    const found = known.groupNumber.exec(word);
    return found ? [found[1], found[2]] : [word];
  };

  function join(known, given) {
    const joined = [];
    given.forEach((word) => {
      const before = joined.at(-1);
      const both = before + word;
      const one = known.joined.has(both) || (known.remittances.has(both) && !isNumber(both));
      if (joined.length && !known.groups.has(before) && one) joined[joined.length - 1] = both;
      else joined.push(word);
    });
    return joined;
  }

  const wordsOf = (known, text) => join(known, words(parted(text)).flatMap((word) => parts(known, word)));

  function stemsOf(known, name) {
    let text = plain(name);
    const codes = known.codes.filter((code) => {
      const found = text.includes(code.toLowerCase());
      if (found) text = text.replaceAll(code.toLowerCase(), " ");
      return found;
    });
    const told = wordsOf(known, text);
    const telling = told.filter((word) => tells(known, word));
    const named = told.length === 1 && known.smallNames.includes(told[0]) ? told : telling;
    return [...new Set([...codes, ...named.map((word) => stemOf(known, word))])];
  }

  const pad = (number, size) => String(number).padStart(size, "0");
  const iso = (year, month, day) => pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2);
  const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();

  function span(known, found, order) {
    const told = {};
    [...order].forEach((part, at) => (told[part] = found[at + 1]));
    const year = Number(told.y) + (told.y.length === 2 ? 2000 : 0);
    if (year < 1000 || year > 9998) return null;
    if (told.m === undefined) return [iso(year, 1, 1), iso(year, 12, 31)];
    const month = isNumber(told.m) ? Number(told.m) : known.months.indexOf(told.m.slice(0, 3)) + 1;
    if (month < 1 || month > 12) return null;
    if (told.d === undefined) return [iso(year, month, 1), iso(year, month, daysIn(year, month))];
    const day = Number(told.d);
    return day < 1 || day > daysIn(year, month) ? null : [iso(year, month, day), iso(year, month, day)];
  }

  function datesOf(known, text) {
    let spans = [];
    const later = [];
    const wrong = [];
    known.datePatterns.forEach(([pattern, order]) => {
      const changed = text.replace(pattern, (...found) => {
        const told = span(known, found, order);
        const written = found[0].replace(/^[ ,]+|[ ,]+$/g, "");
        const after = known.laterDates.test(found.at(-1).slice(0, found.at(-2)));
        if (told) (after ? later : spans).push([...told, written]);
        else if (/\d{4}/.test(written)) wrong.push(written);
        else return found[0];
        return " ";
      });
      if (order !== "y") text = changed;
    });
    if (!spans.length) spans = later;
    const apart = spans.slice(1).some(([since, until]) => spans[0][0] < since || spans[0][0] > until);
    return {
      text,
      wrong,
      dates: apart ? [...new Set(spans.map((one) => one[2]))] : [],
      on: apart || !spans.length ? "" : spans[0][0],
    };
  }

  function codesOf(known, text) {
    const found = new Map();
    const add = (code, written, whole, near) => {
      if (!found.has(code)) found.set(code, { code, written, whole, near });
    };
    text = text.replace(known.codePattern, (written, digits) => {
      const code = "D" + digits.toUpperCase();
      if (digits.length === 4 && isNumber(digits)) {
        if (known.namesWith.has(code.toLowerCase())) return " " + code.toLowerCase() + " ";
        add(code, written, true, []);
      } else {
        const fixed = digits.replaceAll("o", "0");
        add(code, written, false, known.codes.filter((one) => oneApart(fixed, one.slice(1))).slice(0, 3));
      }
      return " ";
    });
    text = text.replace(known.barePattern, (written) => {
      const code = "D" + written;
      if (!known.ours.has(code) && written[0] !== "0") return written;
      add(code, written, true, []);
      return " ";
    });
    const codes = [...found.values()].slice(0, known.CODES);
    return { text, codes: codes.map((code) => code.code), wrong: codes.find((code) => !code.whole) };
  }

  const meant = (known, word) => (known.same.get(word) || [word])[0];
  const kindsOf = (known, word) => known.kinds.get(word) || [];
  const rank = (known, word) => known.weights.get(meant(known, word)) ?? known.rarity[1];

  const knows = (known, word) => known.namesWith.has(word) || kindsOf(known, word).length > 0;

  const namesOf = (known, word) =>
    [meant(known, word), ...kindsOf(known, meant(known, word))].flatMap((stem) => known.namesWith.get(stem) || []);

  const chosen = (known, found) => found.map((one) => [rank(known, one), one]).sort(inOrder)[0][1];
  const begun = (known, word) =>
    isAlpha(word) && word.length >= known.SHORTEST_GUESSED ? known.spellings.filter((one) => one.startsWith(word)) : [];

  function meantBy(known, told, dated, coded) {
    const own = (word) => stemOf(known, word);
    const isStrange = (word) => isAlpha(word) && tells(known, word) && !knows(known, own(word));
    const isWrong = (word) =>
      word.length >= known.SHORTEST_WRONG && isStrange(word) && !(word === told.at(-1) && begun(known, word).length);
    if (!told.some(isWrong)) return [told, new Set()];
    const beside = [...new Set(told)].filter((word) => tells(known, word) && !isStrange(word));
    const held = new Map();
    [...beside.map(own), ...coded].forEach((other) =>
      namesOf(known, other).forEach((name) => held.set(name, (held.get(name) || 0) + 1)),
    );
    const sure = dated || coded.length || beside.some((word) => known.home.has(own(word))) ? 2 : beside.length > 1;
    const found = told.map((word) => {
      if (!isWrong(word)) return [word];
      const near = nearest(known, word, held, sure);
      return near ? [meant(known, near), true] : [word];
    });
    return [join(known, found.map(([word]) => word)), new Set(found.map(([word, wrong]) => wrong && word))];
  }

  function nearest(known, word, held, sure) {
    const near = new Map();
    [cut(known, word), word, word.replace(/e$/, "")].forEach((typed) =>
      [typed, ...withoutOne(typed)]
        .flatMap((short) => [...(known.without.get(short) || []), short])
        .filter((one) => one[0] === typed[0] || typed.length > known.SHORTEST_SWAPPED)
        .filter((one) => known.spelled.has(one) && oneApart(typed, one))
        .forEach((one) => near.set(one, near.get(one) || misspelt(known, typed, one, word))),
    );
    [...word].forEach((letter, at) => {
      const begins = word.slice(0, at);
      const ends = at < 3 ? [] : known.typed.filter((end) => oneApart(word.slice(at), end));
      [...ends, at ? (word[at + 1] || "") + letter + word.slice(at + 2) : ""].forEach((end) => {
        const one = stemOf(known, begins + end);
        if (known.spelled.has(one)) near.set(one, true);
      });
    });
    const ranked = [...near.keys()]
      .map((one) => [-Math.max(0, ...namesOf(known, one).map((name) => held.get(name) || 0)), rank(known, one), one])
      .sort(inOrder);
    const words = ranked.map((one) => one[2]);
    const small = known.small.filter((one) => oneApart(word, one));
    const found = words.find((one) => near.get(one)) || small.find((one) => misspelt(known, word, one));
    if (found) return found;
    if (ranked.length && ranked[0][0] && word.length > known.SHORTEST_WRONG) return words[0];
    const long = word.length > known.SHORTEST_SWAPPED;
    return (sure > 1 - long && small[0]) || (sure > 1 && long && words.find(known.isSingle));
  }

  function token(known, word, isLast, wrong) {
    const as = (found, share) => {
      const own = meant(known, found);
      const kinds = kindsOf(known, own);
      const weighs = Math.max(0, ...kinds.map((kind) => known.weights.get(kind) || 0)) || known.rarity[1];
      return {
        stands: [[own, share], ...kinds.map((kind) => [kind, known.KIND_OF])],
        weight: known.weights.get(own) ?? weighs,
      };
    };
    const own = wrong ? word : stemOf(known, word);
    if (knows(known, own)) return as(own, wrong ? known.MISSPELT : 100);
    const found = isLast ? begun(known, word) : [];
    if (found.length) return as(chosen(known, found), known.GUESSED);
    return { stands: [[own, 0]], weight: known.UNKNOWN, strange: true };
  }

  const stands = (token, test) => token.stands.some(([stem]) => test(stem));

  function tokensOf(known, text, dated, coded) {
    const given = wordsOf(known, text);
    const marks = (word) => known.groups.has(word) || known.before.has(word);
    const only = given.every((word) => isNumber(word) || !tells(known, word) || marks(word));
    const [told, wrong] = meantBy(known, given, dated, coded);
    const tokens = [];
    const seen = new Set();
    let part = 0;
    let loose = true;
    let purpose = false;
    let [denier, left] = [null, 0];
    told.forEach((word, at) => {
      if (known.joiners.includes(word) || word === known.looseJoiner) {
        part += 1;
        loose = loose && word === known.looseJoiner;
        purpose = false;
        return;
      }
      purpose = purpose || known.purposes.has(word);
      if (!tells(known, word) || (dated && known.beside.has(word))) return;
      const marked = only || (at > 0 && marks(told[at - 1]));
      if (isNumber(word)) {
        if (isYear(word) ? !known.namesWith.has(word) : !marked && word.length < 4) return;
      }
      let made = token(known, word, at === told.length - 1, wrong.has(word));
      if (isNumber(word) && marked && !known.remittances.has(word) && !isYear(word)) {
        made = { stands: [[word + "?", 0]], weight: known.NOT_HELD };
      }
      if (isYear(word) && told[at - 1] !== known.EDITION && told[at + 1] !== known.EDITION) made.weight = known.BARE_YEAR;
      const key = made.stands[0][0];
      if (seen.has(key + " " + part)) return;
      made.part = part;
      made.loose = loose;
      made.purpose = purpose;
      made.again = [...seen].some((one) => one.split(" ")[0] === key);
      seen.add(key + " " + part);
      if (stands(made, (stem) => known.asking.has(stem))) denier = null;
      else if (denier && denier.part === part && left) {
        denier.denied = made.denied = true;
        left -= 1;
      }
      if (stands(made, (stem) => known.denies.includes(stem))) [denier, left] = [made, known.DENIED];
      else if (key === known.later && tokens.length) [denier, left] = [made, known.WORDS];
      tokens.push(made);
    });
    if (coded.length || tokens.some((one) => known.home.has(one.stands[0][0])))
      tokens.forEach((one) => one.strange && (one.weight = known.UNKNOWN_HERE));
    return tokens.slice(0, known.WORDS);
  }

  const hitOf = (kind, id, title, address, score, code = "", services = [], ambiguous = false) =>
    ({ kind, id, title, address, score, code, services, ambiguous });
  const low = (bits) => bits & -bits;
  const count = (bits) => (bits ? 1 + count(bits & (bits - 1)) : 0);

  function find(known, tokens, codes, joined) {
    const rare = known.CODE_WEIGHT;
    const weights = [...tokens.map((one) => (one.again ? 0 : one.weight)), ...codes.map(() => rare)];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!total) return [];
    const everything = 2 ** weights.length - 1;
    const codeBits = everything - 2 ** tokens.length + 1;
    const those = (test) => tokens.reduce((sum, one, at) => sum + (test(one) ? 2 ** at : 0), 0);
    const denied = those((one) => one.denied);
    const isDone = tokens.some((one) => known.done.has(one.stands[0][0]));
    const purpose = those((one) => one.purpose && !isDone);
    const asking = those((one) => stands(one, (stem) => known.asking.has(stem)));
    const weighed = new Map();
    const weigh = (bits) => {
      if (!weighed.has(bits)) weighed.set(bits, weights.reduce((sum, weight, at) => sum + ((bits >> at) & 1 ? weight : 0), 0));
      return weighed.get(bits);
    };
    const share = known.NAME_SHARE;
    const score = (matched, name, told, query) =>
      1 / ((share * name * 100) / matched + ((1 - share) * query * 100) / told);

    // What of each name, and of the query, is met, in hundredths; and as bits the words that are met,
    // of the query and of the name.
    function touch(met, namesWith, at, { denied, weight }, stands, add) {
      const bit = 1 << at;
      stands.forEach(([stem, part]) => {
        const [matched, told] = [known.weigh(stem) * part, weight * part];
        (namesWith(stem) || []).forEach((name) => {
          if (denied && known.isService[name] && !known.isDenying[name]) return;
          if (add && !met.has(name)) met.set(name, [0, 0, 0, 0]);
          const had = met.get(name);
          if (!had || had[2] & bit) return;
          had[1] += told;
          had[2] |= bit;
          const ofName = 1 << known.names[name].indexOf(stem);
          if (had[3] & ofName) return;
          had[0] += matched;
          had[3] |= ofName;
        });
      });
    }
    const met = new Map();
    const every = (stem) => known.namesWith.get(stem);
    const once = [...tokens.entries()].filter(([, one]) => !one.again);
    const most = Math.max(0, ...once.filter(([, one]) => !one.strange && !one.denied).map(([, one]) => one.weight));
    const telling = ([stem]) => known.weigh(stem) >= known.TELLING * most;
    codes.forEach((code, at) => touch(met, every, tokens.length + at, { weight: rare }, [[code, 100]], true));
    once.forEach(([at, one]) => touch(met, every, at, one, one.stands.filter(telling), true));
    once.forEach(([at, one]) => touch(met, every, at, one, one.stands.filter((stand) => !telling(stand)), false));
    const context = contextOf();

    const best = new Map();
    const bits = new Map();
    const ofName = share * 100;
    const ofQuery = (1 - share) * 100 * total;
    met.forEach(([matched, told, at], name) => {
      const thing = known.thingOf[name];
      const lost = (ofName * known.nameWeight[name]) / matched + ofQuery / (told + around(name, at));
      const had = best.get(thing);
      bits.set(thing, (bits.get(thing) || 0) | at);
      if (!had || lost < had[0] || (lost === had[0] && name < had[1])) best.set(thing, [lost, name]);
    });

    const odd = tokens.reduce((sum, one) => sum + (one.strange && !one.again && !one.denied ? one.weight : 0), 0);
    const strange = odd > known.STRANGE * total;
    const ranked = [...pairs(), ...(asking ? [] : [...visits(), ...together()])];
    const scored = scores();
    const fitting = (fits) => fits >= (strange ? known.LEAST : known.LEAST_AT_HOME);
    scored.forEach((fits, number) => fitting(fits) && ranked.push(plainly(fits, number)));
    codes.forEach((code) => {
      if (known.namesWith.has(code)) return;
      const title = code + ": " + known.outsideCode;
      const fits = score(100, 1, rare * 100, total);
      ranked.push(hitOf("outside", code, title, "outside/", fits));
    });
    if (!ranked.length) scored.forEach((fits, number) => fits >= known.LEAST_NAMED && says(number) && ranked.push(plainly(fits, number)));
    ranked.sort((one, other) => other.score - one.score);
    return ranked.slice(0, known.MOST).filter((one) => one.score >= known.NEAR_BEST * ranked[0].score);

    function plainly(fits, number) {
      const { kind, id, title, address } = known.all[number];
      const service = kind === "service";
      const ambiguous = service && known.ambiguous(best.get(number)[1]);
      return hitOf(kind, id, title, address, fits, kind === "code" ? id : "", service ? [id] : [], ambiguous);
    }

    function isWhole(name) {
      const [matched, , , own] = met.get(name);
      return matched >= known.WHOLE * 100 * known.nameWeight[name] || count(own) === known.names[name].length;
    }

    function says(number) {
      const [, name] = best.get(number) || [];
      if (name === undefined || count(met.get(name)[3]) < 2 || !isWhole(name)) return false;
      return !strange || (odd <= known.TOO_STRANGE * total && known.isService[name] && !known.ambiguous(name) && met.get(name)[0] >= 95 * known.nameWeight[name]);
    }

    function around(name, at) {
      if (known.apart.includes(known.all[known.thingOf[name]].kind) || !(at & ~context) || !isWhole(name)) return 0;
      const asks = met.get(name)[2] & asking & ~context && known.AROUND_ASKED;
      const beside = context & ~at;
      return 100 * ((asks || known.AROUND) * weigh(beside & ~codeBits) + (asks || known.AROUND_CODES) * weigh(beside & codeBits));
    }

    function contextOf() {
      let found = [0, 0, 0];
      met.forEach(([, told, at], name) => {
        if (!known.isService[name] || !isWhole(name)) return;
        if (told > found[0] || (told === found[0] && name < found[1])) found = [told, name, at];
      });
      return found[2] | codeBits;
    }

    function scores() {
      const found = new Map();
      best.forEach(([, name], number) => {
        const thing = known.all[number];
        const [matched, said, at] = met.get(name);
        const weight = known.nameWeight[name];
        let told = said + known.ONCE_MORE * 100 * weigh(bits.get(number) & ~at);
        const part = known.isService[name] && !isWhole(name);
        if (thing.kind === "code" && bits.get(number) & codeBits) told += 100 * weigh(codeBits & ~bits.get(number));
        else if (!known.isService[name]) told += around(name, bits.get(number));
        else if (!part) told += 100 * weigh(denied & ~at);
        let fits = score(matched, weight, Math.min(told, 100 * total), total) + thing.bias;
        if (known.asks.has(name)) fits -= known.ASKED;
        if (part) fits -= known.PARTIAL;
        else if (known.isService[name] && at & purpose && at & ~purpose) fits += known.PURPOSE;
        if (at === everything && matched >= 95 * weight) fits += known.EXACT;
        found.set(number, fits);
      });
      [...found].forEach(([number, fits]) => {
        const reasons = known.reasons[number] || [];
        const ahead = reasons.length <= known.FEW ? known.LEAD : -known.LEAD;
        reasons.forEach((reason, place) => {
          const led = fits + ahead - (place * known.LEAD) / 10;
          found.set(reason, Math.max(led, found.get(reason) || 0));
        });
      });
      return found;
    }

    function pairs() {
      const left = total - weigh(codeBits);
      const ours = codes.filter((code) => known.namesWith.has(code));
      if (!ours.length || !left) return [];
      let named = [];
      best.forEach(([, name], number) => {
        if (known.all[number].kind !== "service" || !isWhole(name)) return;
        const [matched, told] = met.get(name);
        const fits = score(matched, known.nameWeight[name], told, left);
        if (fits >= known.NAMED) named.push([-fits, number, name]);
      });
      named.sort(inOrder);
      named = named.filter((one) => one[0] === named[0][0]);
      if (named.length > known.SHARED_BY) return [];
      return named.flatMap(([, number, name]) => {
        const [matched, told] = met.get(name);
        const service = known.all[number];
        const fits = score(matched + rare * 100, known.nameWeight[name] + rare, told + weigh(codeBits) * 100, total);
        return ours.map((code) => {
          const own = known.all.find((thing) => thing.kind === "code" && thing.id === code).address;
          const address = known.neighbors.includes(code) ? service.address + "#answer" : own + "#" + service.id;
          const found = fits + (asking ? 0 : known.TOGETHER);
          return hitOf("answer", code + " " + service.id, code + ": " + service.title, address, found, code, [service.id], known.ambiguous(name));
        });
      });
    }

    function visits() {
      const parts = new Map();
      tokens.forEach((one, at) => parts.set(one.part, (parts.get(one.part) || 0) | (1 << at)));
      const within = [...parts.values()].map(wholeIn);
      const named = within.flatMap((found, at) => apart(found).map(([name, bits]) => [at, name, bits]));
      const services = [...new Set(named.map(([, name]) => known.thingOf[name]))];
      const told = weigh(named.reduce((sum, one) => sum + one[2], 0));
      const listed = parts.size === 1 && told >= known.LISTED * total && services.length > 2;
      if (services.length < 2 || (new Set(named.map(([at]) => at)).size < 2 && !listed)) return [];
      const inside = new Set(
        within.flat().filter(([name, , matched]) => matched >= (met.get(name) || [0])[0]).map(([name]) => name),
      );
      const { loose } = tokens.at(-1);
      for (const [name, [, , at]] of met) {
        const beyond = known.isService[name] && !inside.has(name) && isWhole(name);
        const more = weigh(at) - told;
        if (beyond && (loose || more > 0 || (more === 0 && services.includes(known.thingOf[name])))) return [];
      }
      const things = services.map((number) => known.all[number]);
      const fits = score(100, 1, told * 100, total) + known.TOGETHER;
      return [visitOf(things, fits, named.some(([, name]) => known.ambiguous(name)))];
    }

    function together() {
      const ids = [...new Set(codes.filter((code) => code in known.serviceOf).map((code) => known.serviceOf[code]))];
      if (!joined || ids.length < 2) return [];
      const things = ids.map((id) => known.all.find((thing) => thing.kind === "service" && thing.id === id));
      return [visitOf(things, score(100, 1, 100 * weigh(codeBits), total) + known.TOGETHER, false)];
    }

    function visitOf(things, fits, ambiguous) {
      const ids = things.map((thing) => thing.id);
      const title = things.map((thing) => thing.title).join(" + ");
      return hitOf("visit", ids.join(" "), title, "?did=" + ids.join(","), fits, "", ids, ambiguous);
    }

    function wholeIn(part) {
      const found = new Map();
      const ofServices = (stem) => (known.namesWith.get(stem) || []).filter((name) => known.isService[name]);
      tokens.forEach((one, at) => {
        if (part & (1 << at)) touch(found, ofServices, at, one, one.stands, true);
      });
      return [...found]
        .filter(([name, [matched]]) => matched >= known.WHOLE * 100 * known.nameWeight[name])
        .map(([name, [matched, told, at]]) => [-told, known.asks.has(name) ? 1 : 0, name, at, matched])
        .sort(inOrder)
        .map(([, , name, at, matched]) => [name, at, matched]);
    }

    function apart(whole) {
      const taken = [];
      let used = 0;
      whole.forEach(([name, at]) => {
        if (used & at || (taken.length && known.ambiguous(name))) return;
        taken.push([name, at]);
        used |= at;
      });
      return taken.sort((one, other) => low(one[1]) - low(other[1]));
    }
  }

  // What is meant: hits, the best first; or what is wrong with the words, by the name of its text.
  function search(known, given) {
    const text = given.trim();
    if (!/[\p{L}\p{N}]/u.test(text)) return { wrong: "empty" };
    if ([...text].length > known.LONGEST) return { wrong: "long" };
    const dated = datesOf(known, plain(text));
    if (dated.wrong.length) return { wrong: "nodate", about: dated.wrong[0] };
    const coded = codesOf(known, dated.text);
    if (coded.wrong) return { wrong: "malformed", about: coded.wrong.written.toUpperCase(), near: coded.wrong.near };
    const told = wordsOf(known, coded.text);
    const telling = tokensOf(known, coded.text, dated.dates.length || dated.on, coded.codes.filter((code) => known.namesWith.has(code)));
    const small = () =>
      [...new Set(told)]
        .filter((word) => known.smallNames.includes(word))
        .map((word) => ({ stands: [[stemOf(known, word), 100]], weight: known.rarity[1], part: 0, loose: true }));
    const joined = told.some((word) => known.joiners.includes(word) || word === known.looseJoiner);
    let hits = find(known, telling.length || coded.codes.length ? telling : small(), coded.codes, joined);
    const isDated = (hit) => Boolean(hit.code || hit.services.length);
    const early = dated.on && dated.on < first;
    if (hits.length && (dated.dates.length || early)) {
      if (isDated(hits[0])) return early ? { wrong: "before" } : { wrong: "dates", about: dated.dates.join(", ") };
      hits = hits.filter((hit) => !isDated(hit));
    }
    hits.forEach((hit) => {
      const on = isDated(hit) ? dated.on || last : "";
      hit.on = on;
      hit.dated = Boolean(on && dated.on);
      if (!on || !dated.on) return;
      const [page, anchor] = hit.address.split("#");
      hit.address = page + (page.includes("?") ? "&" : "?") + "on=" + on + (anchor ? "#" + anchor : "");
    });
    return { hits };
  }

  // What answers a hit: a list of what is shown, one for each code of each service.
  function shownFor(known, rows, hit) {
    if (hit.on > last) {
      return hit.services.map((service) => ({ service, verdict: "unsettled", code: hit.code, ...known.beyond, second: "", standing: "", soft: false, disputed: false, say: "" }));
    }
    if (hit.code && hit.services.length) {
      const [one] = answers(rows, rows.pairs[hit.code][hit.services[0]], hit.on).shown;
      const [told] = answers(rows, rows.services[hit.services[0]], hit.on).shown;
      return [{ ...one, service: hit.services[0], say: told.say }];
    }
    return hit.services.flatMap((service) =>
      answers(rows, rows.services[service], hit.on).shown.map((one) => ({ ...one, service })),
    );
  }

  // A visit: what `cdtref.recommend` says of several services together.
  function recommend(known, rows, did, on) {
    const services = [...new Set(did)].map((id) => ({ id, ...answers(rows, rows.services[id], on) }));
    const lines = new Map();
    const [included, unsettled] = [[], []];
    services.forEach((service) =>
      service.shown.forEach((one) => {
        if (one.verdict === "unsettled") unsettled.push(service.id);
        else if (!one.code) included.push(service.id);
        else lines.set(one.code, [...(lines.get(one.code) || []), service.id]);
      }),
    );
    const holds = (inside, wanted) => wanted.every((one) => inside.includes(one));
    const cautions = known.cautions.filter(([, when]) =>
      when.some(
        ([done, codes, repeated]) =>
          holds(did, done) && holds([...lines.keys()], codes) && (!repeated || did.length > services.length),
      ),
    );
    return { services, lines: [...lines], included, unsettled, cautions };
  }

  // What the page shows ----------------------------------------------------------------------------

  const index = () => file("assets/ask.json", prepare);
  const both = () => Promise.all([index(), table()]);
  const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const worded = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
  const address = (to) => new URL(root + to, location.href);
  const put = (element, one, only) =>
    all(only ? "[data-slot=" + only + "]" : "[data-slot]", element).forEach((slot) => {
      slot.textContent = one[slot.dataset.slot] || "";
      slot.hidden = !slot.textContent;
    });
  const data = (element, one, on) =>
    Object.assign(element.dataset, { code: one.code || "", service: one.service, verdict: one.verdict, on });

  function hitElement(known, rows, hit) {
    const item = clone("ask-hit");
    item.dataset.kind = hit.kind;
    const link = item.querySelector("a");
    link.href = address(hit.address);
    if (!hit.services.length) {
      const label = list.dataset["kind" + hit.kind];
      const told = hit.code && hit.on <= last ? answers(rows, rows.codes[hit.code], hit.on).shown[0].why : "";
      put(item, { title: hit.title, kind: label, second: told });
      if (hit.code) item.dataset.code = hit.code;
    } else {
      const shown = shownFor(known, rows, hit);
      const [one] = shown;
      const alone = shown.length === 1;
      put(item, alone ? { ...one, title: hit.title } : { title: hit.title, kind: list.dataset.kindvisit });
      if (alone) {
        marks(item, one);
        data(item, one, hit.on);
      }
      // Several answers stand one under the other, each with what it is for.
      (alone ? [] : shown).forEach((each) => {
        const part = clone("ask-part");
        put(part, { ...each, title: known.all.find((thing) => thing.kind === "service" && thing.id === each.service).title });
        marks(part, each);
        data(part, each, hit.on);
        item.insertBefore(part, item.querySelector(".add"));
      });
    }
    const add = item.querySelector(".add");
    if (hit.dated) put(item, { on: worded(list.dataset.dated, { on: long(hit.on) }) }, "on");
    add.hidden = !visit || !hit.services.length;
    const linked = item.querySelector(".link");
    linked.hidden = hit.services.length !== 1 || hit.on > last;
    linked.addEventListener("click", () => cite(rows, hit, address(hit.address)));
    add.addEventListener("click", () => visit.add(hit.services, hit.address.includes("on=") ? hit.on : ""));
    return item;
  }

  let asked = "";
  let speak;
  // What a screen reader hears, once the typing rests.
  function tell(text) {
    clearTimeout(speak);
    speak = setTimeout(() => (said.textContent = text), 350);
  }

  function answer() {
    const given = input.value;
    asked = given;
    rest.search = given.trim() && "?q=" + encodeURIComponent(given.trim());
    if (!given.trim()) {
      list.replaceChildren();
      panel.hidden = true;
      return tell("");
    }
    both()
      .then(([known, rows]) => {
        if (asked !== given) return; // more was typed meanwhile
        const found = search(known, given);
        const hits = found.hits || [];
        list.replaceChildren(...hits.map((hit) => hitElement(known, rows, hit)));
        panel.hidden = false;
        const several = hits.length > 1 && hits[0].ambiguous;
        const late = hits.some((hit) => hit.on > last);
        const name = found.wrong || (!hits.length ? "nothing" : several ? "several" : late ? "after" : hits.length > 1 ? "many" : "one");
        const near = found.near && found.near.length ? " " + worded(said.dataset.near, { near: found.near.join(", ") }) : "";
        tell(worded(said.dataset[name], { words: given.trim().slice(0, 60), about: found.about, count: hits.length }) + near);
      })
      .catch(() => tell(said.dataset.lost));
  }

  // The keys of a list: down into it, up and Escape back.
  function move(event) {
    const links = all("a, button:not([hidden])", panel);
    const at = links.indexOf(document.activeElement);
    const inside = at >= 0 || document.activeElement === input;
    // On the search page the list goes on with the pages, and its script goes through both.
    if (!inside || panel.hidden || document.getElementById("hits")) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (at >= 0) input.focus();
      else close();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const to = [input, ...links][at + 1 + (event.key === "ArrowDown" ? 1 : -1)];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
  // Whether the answers lie over the page, and not in it.
  const over = () => getComputedStyle(panel.parentElement).position === "absolute";
  function close() {
    if (!over()) return;
    clearTimeout(speak);
    said.textContent = "";
    panel.hidden = true;
  }

  input.addEventListener("focus", () => {
    // The search page takes the focus by itself: nothing is wanted yet.
    if (!document.getElementById("hits")) both().catch(() => {});
    if (list.children.length) panel.hidden = false;
  });
  input.addEventListener("input", answer);
  document.addEventListener("keydown", move);
  document.addEventListener("click", (event) => {
    if (!box.parentElement.contains(event.target)) close();
  });

  // The visit --------------------------------------------------------------------------------------

  const visit = document.getElementById("visit") && makeVisit(document.getElementById("visit"));

  function makeVisit(section) {
    const date = section.querySelector("#visit-on");
    const told = section.querySelector("#visit-told");
    const chosen = section.querySelector("#visit-did");
    const result = section.querySelector("#visit-answer");
    let did = [];
    let unknown = [];

    function remember() {
      const url = new URL(location);
      ["did", "on"].forEach((name) => url.searchParams.delete(name));
      const query = [...url.searchParams].length ? url.searchParams + "&" : "";
      const on = date.value ? "&on=" + date.value : "";
      url.search = did.length ? query + "did=" + did.join(",") + on : query;
      history.replaceState(null, "", url);
    }

    function show(then) {
      remember();
      section.hidden = !did.length && !unknown.length;
      both()
        .then(([known, rows]) => {
          const services = known.all.filter((thing) => thing.kind === "service");
          unknown = [...unknown, ...did.filter((id) => !(id in rows.services))];
          did = did.filter((id) => id in rows.services);
          chosen.replaceChildren(...did.map((id, at) => choice(known, services, id, at)));
          const on = date.value || last;
          const because = date.validity.badInput ? "none" : wrong(on);
          const lost = unknown.length ? worded(told.dataset.unknown, { about: unknown.join(", ") }) : "";
          told.textContent = [lost, because && told.dataset[because]].filter(Boolean).join(" ");
          result.hidden = Boolean(because) || !did.length;
          if (!result.hidden) fillResult(known, rows, recommend(known, rows, did, on), on, services);
          if (then) then();
        })
        .catch(() => (told.textContent = said.dataset.lost));
    }

    const title = (services, id) => services.find((thing) => thing.id === id).title;

    // A thing done: its name, what it was for where that decides, and a way to take it out.
    function choice(known, services, id, at) {
      const item = clone("visit-choice");
      const select = item.querySelector("select");
      const [act] = known.uses[id] || [];
      put(item, { title: act || title(services, id) });
      const same = services.filter((thing) => act && (known.uses[thing.id] || [])[0] === act);
      select.closest("label").hidden = same.length < 2;
      same.forEach((thing) => select.add(new Option(known.uses[thing.id][1], thing.id, false, thing.id === id)));
      select.addEventListener("change", () => {
        did[at] = select.value;
        show(() => chosen.children[at].querySelector("select").focus());
      });
      const remove = item.querySelector("button");
      remove.setAttribute("aria-label", worded(remove.dataset.label, { title: title(services, id) }));
      remove.addEventListener("click", () => {
        did.splice(at, 1);
        show(() => (all("button", chosen)[Math.min(at, did.length - 1)] || input).focus());
      });
      return item;
    }

    function fillResult(known, rows, found, on, services) {
      const part = (name) => result.querySelector("[data-part=" + name + "]");
      const group = (name, items) => {
        part(name).hidden = !items.length;
        part(name).querySelector("ul").replaceChildren(...items);
      };
      const one = (service, shown) => {
        const item = clone("visit-one");
        all("[data-slot]", item).forEach((slot) => fill(slot, shown[slot.dataset.slot] || "", rows));
        item.querySelector(".for").textContent = title(services, service);
        all(".side", item).forEach((side) => (side.hidden = !side.querySelector("[data-slot]").textContent));
        marks(item, shown);
        data(item, { ...shown, service }, on);
        return item;
      };
      const every = found.services.flatMap((service) => service.shown.map((shown) => [service.id, shown]));
      const of = (...verdicts) => every.filter(([, shown]) => verdicts.includes(shown.verdict)).map((each) => one(...each));
      group("lines", of("yes"));
      group("included", of("included", "no"));
      group("unsettled", of("unsettled"));
      // Codes that some would report for what was done, and that are none of it.
      const shownFor = (code, id) => answers(rows, rows.pairs[code][id], on).shown[0];
      const nots = did.flatMap((id) => (known.contested[id] || []).map((code) => shownFor(code, id)));
      // Not one that may be right for something else that was done.
      const may = (code) => did.some((id) => ["yes", "unsettled"].includes(shownFor(code, id).verdict));
      const told = new Set(nots.filter((one) => one.verdict === "no" && !may(one.code)).map((one) => one.headline));
      group("nots", [...told].map((headline) => text("li", rows, headline)));
      group("cautions", found.cautions.map(([, , words, standing]) => text("li", rows, words + " (" + standing + ")")));
      group(
        "record",
        every.filter(([, shown]) => shown.write).map(([service, shown], at) => {
          const item = clone("visit-record");
          item.querySelector(".for").textContent = shown.code || title(services, service);
          item.querySelector(".words").textContent = shown.write;
          item.querySelector(".words").classList.toggle("form", shown.write.includes("\n"));
          item.querySelector(".words").id = "visit-write-" + at;
          item.querySelector("button").dataset.copy = "visit-write-" + at;
          return item;
        }),
      );
      const dates = result.querySelector("#visit-date");
      dates.textContent = date.value ? dates.dataset.dated.replace("{on}", long(on)) : dates.dataset.undated;
      result.querySelector("#visit-link").textContent = location.href;
    }

    function text(tag, rows, words) {
      const made = document.createElement(tag);
      fill(made, words, rows);
      return made;
    }

    function add(ids, on) {
      did = [...did, ...ids.filter((id) => !did.includes(id))];
      if (on) date.value = on;
      input.value = "";
      answer();
      show(() => input.focus());
    }

    date.addEventListener("change", () => show());
    section.addEventListener("submit", (event) => event.preventDefault());
    const asked = new URLSearchParams(location.search);
    did = (asked.get("did") || "").split(",").map((id) => id.trim()).filter(Boolean);
    date.value = asked.get("on") || "";
    if (asked.get("on") && !date.value) unknown = [asked.get("on")];
    if (did.length) show();
    return { add };
  }

  // For whoever asks from a script: the same answers.
  box.search = (words) => both().then(([known]) => search(known, words));
  box.telling = (given) =>
    index().then((known) => words(plain(given)).filter((word) => tells(known, word)).join(" "));
  box.recommend = (did, on) => both().then(([known, rows]) => recommend(known, rows, did, on));
  // Back comes back to what was asked.
  list.addEventListener("click", (event) => {
    if (event.target.closest("a")) history.replaceState({ ...history.state, asked: input.value }, "");
  });
  const given = new URLSearchParams(location.search).get("q") || (history.state && history.state.asked);
  if (given) {
    input.value = given;
    answer();
  }
})();
