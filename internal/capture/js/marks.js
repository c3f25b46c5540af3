// Signs that something is a post: times, as pages write them.
(() => {
  'use strict';
  const A = arsring;

  const month = '(?:(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\\p{L}*|janv(?:ier)?|févr(?:ier)?|avril|juin|juil(?:let)?|août|septembre|octobre|novembre|déc(?:embre)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|янв(?:аря)?|фев(?:раля)?|марта|апр(?:еля)?|мая|июня|июля|авг(?:уста)?|сент(?:ября)?|окт(?:ября)?|нояб(?:ря)?|дек(?:абря)?|يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|jan(?:uari|uary|uar)?|feb(?:ruari|ruary|ruar)?|m(?:ar(?:s|ts|ch)?|är(?:z)?)|apr(?:il)?|ma[jiy]|jun[ie]?|jul[iy]?|aug(?:usti|ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[csz](?:ember)?)';
  const long = '(?:sek\\p{L}*|sec\\p{L}*|min\\p{L}*|tim\\p{L}*|tuntia?|hrs?|hours?|dag\\p{L}*|dgr|days?|d[yø]gn|päivää?|veck\\p{L}*|weeks?|wks?|uke\\p{L}*|uger?|viikko\\p{L}*|mån\\p{L}*|months?|måned\\p{L}*|kuukau\\p{L}*|halvår|år|years?|vuo\\p{L}*)';
  const some = 'två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|to|fire|seks|syv|åtte|ni|ti|elleve|otte|kaksi|kolme|neljä|viisi|kuusi|några|ett par|a few|a couple of|noen|et par|nogle|muutama';
  const roughly = '(?:(?:för|om|for|about|noin|ca\\.?|cirka|ungefär|omkring|omtrent|nästan|nesten|næsten|almost|over|över|mer än|more than|mindre än|mindre enn|less than|under|drygt|knappt)\\s+)';
  const since = '(?:sedan|sen|ago|siden|sitten)';
  const rel = new RegExp('^(?:' + roughly + '{0,2}(?:\\d{1,3}\\s?(?:' + long + '|s|m|t|h|d|pv|v|w|u|vk|wk|mo|mos|kk|å|y|yrs?)|(?:en|ett|et|an?|one|yksi)\\s' + long + ')\\.?(?:\\s+' + since + ')?|' +
    roughly + '{0,2}(?:' + some + ')\\s' + long + '\\s+' + since + '|(?:förra|forrige|sidste|last|viime)\\s(?:veckan|månaden|året|uke|uge|måned|år|week|month|year|viikolla|kuussa|vuonna)|i fjol|i fjor)$', 'iu');
  // The same in languages that put the unit otherwise.
  const other = /^(?:(?:vor|il y a|hace|منذ|قبل)\s(?:\d{1,3}|einer|einem|une?|una)\s\p{L}+|\d{1,3}\s?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|周|週間|か月|ヶ月|个月|個月|年)前|\d{1,3}\s?(?:초|분|시간|일|주|개월|년)\s?전|(?:tunti|päivä|viikko|kuukausi|vuosi) sitten)$/iu;
  const now = /^(?:just nu|alldeles nyss|(?:för )?ett ögonblick sedan|a moment ago|hetki sitten|for et (?:øyeblikk|øjeblik) siden|nyss|nyligen|just now|now|nu|akkurat nå|nå|lige nu|juuri nyt|äsken)$/i;
  const near = /^(?:i ?går|igår|i ?dag|idag|yesterday|today|eilen|tänään|昨日|昨天|今日|今天|어제|오늘|أمس|اليوم|вчера|сегодня|hier|ayer|hoy|gestern|heute|vorgestern|i ?förrgår|i forgårs|toissapäivänä|i ?morse|i ?kväll|i ?natt|i (?:mån|tis|ons|tors|fre|lör|sön)dags)(?=\P{L}|$)/iu;
  const abs = new RegExp('(?:^|[^\\p{L}\\d])(?:(?:19|20)\\d\\d[-/.]\\d\\d?[-/.]\\d\\d?(?!\\d)|(?:19|20)\\d\\d-?W\\d\\d?|(?:vecka|week|uge|uke|viikko|v\\.?)\\s?\\d{1,2},?\\s(?:19|20)\\d\\d|\\d{1,2}\\.?\\s*(?:de\\s+)?' + month + '(?!\\p{L})|' + month + '\\.?\\s+\\d{1,2}\\b|\\d{1,2}[./]\\s?\\d{1,2}[./]\\s?(?:19|20)?\\d\\d\\b|\\d{1,2}-\\d{1,2}-(?:19|20)\\d\\d\\b' +
    '|[0-3]?\\d/[01]?\\d,?\\s(?:kl\\.?\\s?)?[0-2]?\\d[.:][0-5]\\d|20\\d\\d[01]\\d[0-3]\\d,?\\s(?:kl\\.?\\s?)?[0-2]?\\d[.:][0-5]\\d|(?:19|20)\\d\\d年|\\d{1,2}月\\d{1,2}日|\\d{1,2}/\\d{1,2}[-\\s](?:19|20)\\d\\d\\b|\\d{1,2}\\.\\d{1,2}\\.\\sklo\\s)', 'iu');
  const weekday = /^(?:(?:i|på|on|am)\s+)?(?:(?:mån|tis|ons|tors|fre|lör|sön|mon|tues?|wednes|thurs?|fri|satur|sun|man|tirs|lør|søn)(?:dags?|day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:maanan|tiis|keskiviikko|tors|perjan|lauan|sunnun)(?:tai)?(?:na)?)\.?,?\s+(?:(?:kl|klo|klockan|klokken|at|um)\.?\s*)?\d{1,2}[.:]\d{2}(?:\s?[ap]\.?m\.?|\s?uhr)?$/iu;

  const dateWords = new RegExp('(?:19|20)\\d\\d-\\d\\d?-\\d\\d?(?:t[\\d:.]+(?:z|[+-][\\d:]+)?)?|' + month + '|(?:i\\s+)?(?:mån|tis|ons|tors|tor|fre|lör|sön|mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun|man|tirs?|lør|søn|diens|donners|frei|sams|sonn)(?:dag(?:en)?|day|tag)?s?(?=\\P{L}|$)|(?:ma|ti|ke|to|pe|la|su)(?=\\s\\d)|W(?=\\d)|(?:vecka|week|uge|uke|viikko)(?=\\s\\d)|v(?=\\.?\\s?\\d)|mittwoch|(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\\p{L}*|年|月|日', 'giu');
  const around = /(?:^|(?<=\P{L}))(?:kl|klockan|klokken|klo|dii|um|uhr|at|the|of|on|den|de|av|ca|cirka|c|d|omkring|vid|utc|gmt|cet|cest|am|pm|a\.m|p\.m|th|st|nd|rd|e|a|publicera[dt]|publicerades|published|posted|postad|postades|skriven|skrivet|skrivit|skrevs|skapad|skapat|inskickat|inskickad|upplagd|upplagt|delat|delad|delades|postad|sent|written|created|updated|uppdatera[dt]|tillagd|added|senast|julkaistu|publisert|offentliggjort|lagt ut|oppdatert|inlagt|date|datum|dato)(?=\P{L}|$)/giu;
  const editedTail = /\s*[·,(]\s*(?:redigera[dt]|ändra[dt]|edited|redigert|redigeret|muokattu)\)?\s*$/i;
  const publishedHead = /^(?:publicera[dt]e?s?|published|publisert|offentliggjort|julkaistu|posta[dt]|posted|postat|inlagt|upplagt|skapad)\s*:?\s+(?=\S)/i;
  const audience = /\s*[·•|]\s*[\p{Extended_Pictographic}\ufe0f\s]+$/u; // who may see it
  const short = /^(?:[0-3]?\d\/[01]?\d|[0-3]?\d\.\s?[01]?\d\.|[01]?\d-[0-3]?\d)$/, clockOnly = A.clockOnly = /^(?:kl\.?\s*)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]\.?m\.?)?$/i;
  // clocks is true where the page writes the day's own times as a clock alone.
  A.clocks = false;
  // western writes the digits of Arabic and Persian as the others do.
  const western = (s) => s.replace(/[٠-٩۰-۹]/g, (c) => String.fromCharCode(48 + (c.charCodeAt(0) & 15)));
  // looksLikeTime says whether a short text is nothing but a point in time.
  A.looksLikeTime = (s) => {
    s = western(s);
    if (A.lenient && short.test(s.trim()) || A.clocks && clockOnly.test(s.trim())) return true;
    s = A.firstTime(s.replace(/[\u00a0\s]+/g, ' ')).replace(editedTail, '').replace(audience, '').replace(publishedHead, '').replace(/^[·•|,(\s–-]+|[·•|,()\s–-]+$/g, '').trim();
    if (!s || s.length > 60 || !/[\d\p{L}]/u.test(s)) return false;
    if (rel.test(s) || other.test(s) || now.test(s) || weekday.test(s)) return true;
    if (near.test(s)) return !/\p{L}/u.test(s.replace(near, '').replace(around, ''));
    return abs.test(s) && !/[\p{L}\p{Extended_Pictographic}]/u.test(s.replace(dateWords, ' ').replace(around, ' ').replace(/\d/g, ''));
  };

  // firstTime takes off what follows a time of publication: when it was changed.
  const changed = /[\s.,;·|(–-]+(?:senast\s+|last\s+|sist\s+)?(?:uppdatera[dt]|ändra[dt]|redigera[dt]|reviderad|updated|modified|edited|oppdatert|opdateret|päivitetty)(?:[\s:.]|$).*$/i;
  const acts = /\s*[·•|]\s*(?:svara|svar|gilla|kommentera|dela|rapportera|redigera|reply|like|share|report|comment|edit|liker|lik|del|besvar|vastaa|tykkää|jaa|antworten|gefällt mir|teilen|translate|översätt)(?=\s*(?:[·•|]|$)).*$/iu; // what can be done with the piece
  A.firstTime = (s) => { const head = s.replace(changed, '').replace(acts, ''); return /\d/.test(head) ? head : s; };
  // parted gives a time whose day, month and year stand in elements of their own; '' where an element is no such thing.
  const parted = (el) => {
    const kids = el.children;
    if (kids.length < 2 || kids.length > 4 || el.textContent.length > 40) return '';
    const words = [];
    for (const k of el.childNodes) {
      const t = A.clean(k.textContent);
      if (!t) continue;
      if (k.nodeType !== 1 || k.childElementCount || t.length > 10 || A.looksLikeTime(t)) return '';
      words.push(t);
    }
    const s = words.join(' ');
    return words.length >= 2 && /\d/.test(s) && new RegExp(month, 'i').test(s) && A.looksLikeTime(s) ? s : '';
  };
  // amid tells what stands within a sentence: there "i dag" and "24 november" are words of it, emphasised or marked up as they may be.
  const told = /(?:publicera|publiser|published|offentliggj|julkaistu|posta[dt]|posted|postat|skr[ei]v|written|wrote|svarade|replied|inlag[dt]|upplag[dt]|skapa[dt]|updated|uppdatera|delade|shared)/i;
  const amid = (p) => {
    if (!/^(?:b|strong|i|em|u|mark|span|font|time)$/.test(p.localName) || p.localName !== 'time' && (p.hasAttribute('title') || p.hasAttribute('aria-label')) || !/^(?:inline|contents)$/.test(A.css(p).display)) return false;
    let block = p;
    while (block.parentElement && /^(?:inline|contents)$/.test(A.css(block).display)) block = block.parentElement;
    const all = block.textContent, own = p.textContent.length;
    if (all.length - own < 20 || all.length > 20000 || timely.test(block.getAttribute('class') || '') || block.localName !== 'p' && !/[.!?:;,]\s/.test(all.replace(p.textContent, ' '))) return false;
    const beside = (step) => {
      for (let e = p; e && e !== block; e = e.parentElement) {
        for (let k = e[step]; k; k = k[step]) { if (k.localName === 'br') return ''; if (k.nodeType !== 8 && k.textContent.trim()) return k.nodeType === 3 || /^(?:inline|contents)$/.test(A.css(k).display) ? k.textContent : ''; }
      }
      return '';
    };
    const head = beside('previousSibling'), before = /[\p{L}\d,(]\s*$/u.test(head) && !byName(p), after = /^\s*[\p{Ll}\d]|^[.,!?)]/u.test(beside('nextSibling'));
    if (told.test(head)) return false;
    return /^(?:b|strong|i|em|u|mark)$/.test(p.localName) && all.length - own >= 60 ? before || after : before && after;
  };
  // byName tells what follows a single emphasised thing with which its line begins: a name, as in "<b>Anna Ek</b> <i>3 maj</i>", and no sentence.
  const byName = (p) => {
    const said = Array.from(p.parentElement.childNodes).filter((k) => k.nodeType !== 8 && k.textContent.trim()), e = said[0];
    return said[1] === p && /^(?:a|b|strong)$/.test(e.localName || '') && e.localName !== p.localName && e.textContent.length <= 60 && !/[.!?:,]\s*$/.test(e.textContent);
  };
  const timely = /(?:^|[\s_-])(?:date|datum|dato|time|tid|pub\p{L}*|meta|stamp|posted|byline)(?:$|[\s_-])/iu;
  const publishes = /^(?:publicera[dt]|publicerades|published|publisert|offentliggjort|julkaistu|skapa[dt]|posted|postat|datum)\b/i;
  // A paragraph is a text: it is a time only where it is called one, or says so.
  const prose = (p) => p.localName === 'p' && !timely.test(p.getAttribute('class') || '') && !publishes.test(A.clean(p.textContent));
  // withAct tells a time beside which the names of acts stand, as they do below a comment.
  A.withAct = (m) => acts.test(A.clean(m.textContent)) && A.looksLikeTime(A.clean(m.textContent));
  A.isRelative = (s) => rel.test(s) || other.test(s) || now.test(s) || near.test(s);

  const stamped = 'time,[datetime],[data-utime],[data-timestamp],[data-time],[data-epoch],[data-created],[data-published],[itemprop="datePublished"],.dt-published';
  const edited = /(redigera|ändra[dt]|edited|redigert|redigeret|muokat|uppdatera[dt]|updated|oppdatert|opdateret)/i;

  // assumed are elements that are taken for times by their place alone, in whatever words they are written.
  A.assumed = new WeakSet();
  // titled tells a few words that give a point in time only when the pointer rests on them: a day of a year.
  const titled = (el) => {
    const t = el.localName === 'abbr' || el.localName === 'span' ? el.getAttribute('title') : '';
    return !!t && t.length < 60 && /\d/.test(t) && abs.test(t) && A.looksLikeTime(t) && !A.looksLikeTime(el.textContent) && !el.childElementCount && /\d/.test(el.textContent) && el.textContent.length < 60 && !pressed(el);
  };
  // pressed tells what stands on a button. What can be pressed and is as large as a post is one.
  const pressed = (p) => { const b = A.button(p), fold = p.closest('summary'); return !!b && !b.matches('a[role=button]') && !(fold && b.contains(fold)) && !(A.lenient && b.textContent.length > 80); };
  // lenient takes paragraphs that are nothing but a time for times, and looks on what can be pressed: where a page has posts by no other sign.
  A.lenient = false;
  // marks lists the time marks below a root in document order, innermost elements only.
  A.marks = (root) => {
    const out = [];
    const visit = (node) => {
      if (node.nodeType === 3) {
        const t = node.data;
        if (t.length > 120 || t.length < 1 || !/[\d\p{L}]/u.test(t)) return;
        const p = node.parentElement;
        if (!p || A.isDay(p) || p.closest('h1,textarea') || pressed(p)) return;
        const told = () => (prose(p) && !A.lenient ? (signed(p, t) || {}).strong : A.looksLikeTime(t) && A.looksLikeTime(p.textContent) || signed(p, t));
        if (!A.dayOf(p) && !told() || amid(p)) return;
        if (p.closest(stamped) && out.length && out[out.length - 1].contains(p)) return;
        out.push(p);
        return;
      }
      if (node.nodeType !== 1) { if (node.nodeType === 11) for (const k of node.childNodes) visit(k); return; }
      const n = node.localName;
      if (n === 'svg') { if (A.drawn(node)) out.push(A.drawn(node.parentElement) ? node.parentElement : node); return; }
      if (n === 'script' || n === 'style' || n === 'noscript' || n === 'template') return;
      if (A.assumed.has(node) || A.rules.time && node.matches(A.rules.time)) { out.push(node); return; }
      if (node.matches(stamped) && (n === 'time' || A.clean(node.textContent).length <= 60) && A.clean(node.textContent)) { if (!amid(node)) out.push(node); return; }
      if (parted(node) || A.drawn(node)) { out.push(node); return; }
      if (titled(node)) { if (!amid(node)) out.push(node); return; }
      const body = A.frameBody(node);
      if (body) { visit(body); return; }
      for (const k of A.kids(node)) visit(k);
    };
    visit(root);
    return out.filter((m, i) => !A.saysEdited(m) && !joined(m) && !(out[i + 1] && tile(m, out[i + 1])));
  };
  // tile tells a day in large letters that the full time behind it says again.
  const tile = (m, next) => {
    const s = parted(m), day = s && /\d+/.exec(s)[0], t = s && A.clean(next.textContent).toLowerCase();
    return !!s && m.childElementCount > 1 && t.length < 80 && !A.isRelative(t) && new RegExp('(?:^|\\D)0?' + +day + '(?!\\d)').test(t) && (t.includes((/\p{L}{3}/u.exec(s) || ['?'])[0].toLowerCase()) || /\d{4}-\d\d-\d\d/.test(t));
  };
  const joinsIn = /medlem|gick med|reg[\s.:]|member since|joined|join date|liitty|mitglied/i;
  const joins = /^(?:blev medlem|medlem s[ei]dan|medlem siden|gick med|reg(?:istrerad sedan|\.? ?datum)?\s?[.:]|member since|joined|join date|ble medlem|liittyi|liittynyt|mitglied seit)(?=[\s.:])/i;
  // joined tells since when somebody has been a member, as forums write below a name.
  const joined = (m) => { const p = m.parentElement; return joins.test(A.clean(m.textContent)) || !!p && p.textContent.length < 80 && joins.test(A.clean(p.textContent)); };
  // membership is the box beside a piece that tells who its writer is: since when a member, with how many posts.
  A.membership = (el) => {
    if (!joinsIn.test(el.textContent)) return [];
    return A.within(el, 'dd,li,div,span,p,small').filter((e) => e.textContent.length < 60 && joins.test(A.clean(e.textContent))).map((e) => { const b = e.closest('dl,ul,td,aside') || e.closest('[class*=profile i],[class*=user i],[class*=author i],[class*=poster i]'); return b && b !== el && A.inside(b, el) && A.clean(b.textContent).length < 200 ? b : e; });
  };
  // signed gives the name and the time that one line of text holds, as in "Anna Ek skrev 3 maj 2026 kl. 12.10"; null where it is no such line.
  const said = new RegExp('\\s+(?:skrev|skriver|wrote|writes|says|säger|svarade|replied|kommenterade|commented|skrev:|den|on|am|av|by|von|fra)\\s+(?:den\\s+|on\\s+|at\\s+)?', 'giu');
  const between = /\s*[|·•,–—]\s*|\s+-\s+|\n/g;
  const first = /^(?:(?:skrivet|skriven|publicera[dt]|posta[dt]|inlagt|upplagd|upplagt|inskickat|rapporterat|written|posted|published|reported|skrevet|kirjoittanut|geschrieben|veröffentlicht)\s+)?(?:av|by|från|from|von|fra)[:\s]\s*|^(?:namn|name|navn|signatur|författare|skribent|avsändare|author|nimi|verfasser|autor)\s*:\s*/i;
  const named = (s) => s.length >= 2 && s.length <= 60 && /^[@\p{Lu}]/u.test(s) && !/[.!?:;]$/.test(s) && s.split(' ').length <= 6 && !A.looksLikeTime(s) && !dateOnly.test(s) && !genre.test(s);
  const genre = /^(?:press(?:e|a)?(?:meddeland\p{L}*|meddelels\p{L}*|melding\p{L}*)|press releases?|nyhet(?:er)?|nyhed(?:er)?|news|artikel|article|blogginlägg|blog ?post|aktuellt|tiedotteet?|uutis\p{L}*|evenemang|kungörels\p{L}*)$/iu; // what it is, and not who wrote it
  const dateOnly = new RegExp('^(?:' + month + ')$', 'i');
  const lines = new WeakMap();
  // labelled reads a line of several facts of which one is the time and another says by a word that it is who wrote: "Nyheter | Av: Anna Ek | 3 maj 2026",
  // "Namn: Anna Ek Datum: 3 maj 2026", "Posted by Anna Ek on 3 May 2026". t is the part of it in which the time stands.
  const by = '(?!uppdatera|ändra|redigera|updated|edited|foto|bild|photo)\\p{L}{4,14}(?:t|d)\\s+(?:av|by|von)\\s*:?\\s+|(?:skrivet|skriven|publicera[dt]|posta[dt]|inlagt|upplagd|upplagt|inskickat|rapporterat|written|posted|published|reported|svar)\\s+(?:av|by|från|from|von|fra)\\s*:?\\s+|(?:av|by)\\s*:?\\s+|(?:från|from|von|fra)\\s*:\\s+|(?:namn|name|navn|signatur|författare|skribent|avsändare|förslagsställare|author|nimi|verfasser|autor)\\s*:\\s*';
  const dateLabel = /(?:^|[\s|·•,;–—-])(?:datum|dato|date|tid|time|skrivet|skickat|publicera[dt]|published|posted|den|on|am)\s*:?\s+(?=[\p{L}\d])/giu;
  const byWord = new RegExp('^[\\s–—-]*(?:' + by + ')(?=[@\\p{L}])', 'iu');
  const labelled = (line, t) => {
    if (line.length > 140 || !/\d/.test(t) || /[.!?]\s+\p{Lu}\p{L}+\s+\p{Ll}/u.test(line)) return null;
    const bare = (b) => b.replace(/^(?:av|by|:)\s+|[,:\s]+$/gi, '');
    const isTime = (b) => /\d/.test(b) && A.looksLikeTime(bare(b)), cut = (at) => line.replace(dateLabel, ' | ').split(at).map((b) => A.clean(b)).filter(Boolean);
    let bits = cut(/\s*[|·•;\n]\s*|\s+[–—-]\s+/u);
    if (!bits.some(isTime)) bits = cut(/\s*[|·•;\n]\s*|\s+[–—-]\s+|,\s+(?=\p{L}*\s?\d|kl)/u);
    const time = bits.findIndex(isTime);
    const who = bits.findIndex((b, i) => i !== time && byWord.test(b));
    if (time < 0) for (const b of bits) { // name and time side by side
      if (!byWord.test(b)) continue;
      const all = b.replace(byWord, '').split(' ');
      for (let k = 1; k < all.length && k < 6; k++) { const a = all.slice(0, k).join(' '), at = all.slice(k).join(' '); if (named(a) && /\d/.test(at) && A.looksLikeTime(at)) return { name: a.replace(/[,:]+$/, ''), time: at, strong: true }; }
    }
    if (time < 0 || who < 0) return null;
    const name = A.clean(bits[who].replace(byWord, '')).replace(/[,:]+$/, '');
    let at = bare(bits[time]);
    if (/^kl\b|^\d\d?[:.]\d\d$/i.test(bits[time + 1] || '') && A.looksLikeTime(at + ' ' + bits[time + 1])) at += ' ' + bits[time + 1];
    return named(name) && !weekday0.test(name) ? { name, time: at, strong: true } : null;
  };
  const weekday0 = /^(?:mån|tis|ons|tors|fre|lör|sön|mon|tues|wednes|thurs|fri|satur|sun|man|tirs|lør|søn)(?:dag|day)/i;
  // parts reads a line in which a word stands between a name and a time.
  const parts = (body, by) => {
    for (const [sep, strong] of [[said, true], [between, false]]) {
      sep.lastIndex = 0;
      for (let m; (m = sep.exec(body));) {
        const a = A.clean(body.slice(0, m.index)), b = A.clean(body.slice(m.index + m[0].length));
        const word = m[0].trim().toLowerCase();
        if (named(a) && A.looksLikeTime(b) && !(strong && /^(?:av|by|von|fra)$/.test(word))) return { name: a, time: b, strong: strong && !/^(?:den|on|am)$/.test(word) || by };
        if (A.looksLikeTime(a) && named(b) && (!strong || /^(?:av|by|von|fra)$/.test(word))) return { name: b, time: a, strong: strong || by };
        sep.lastIndex = m.index + 1;
      }
    }
    return null;
  };
  // leading gives the time with which a heading begins, and what the heading says after it, where several on the page begin like that.
  const lead = /^(.{6,40}?)\s*(?::|\s[–—-]|\s?\|)\s+(?=\S)(.+)$/u;
  let leads = 0, leadCount = -1;
  const leading = (p, t) => {
    const split = (s) => { const m = s.length < 200 && /\d/.test(s) && lead.exec(s); return m && abs.test(m[1]) && A.looksLikeTime(m[1]) ? m : null; };
    const m = split(t);
    if (!m || t !== A.clean(p.textContent)) return null;
    const n = document.getElementsByTagName('*').length;
    if (n !== leadCount) { leadCount = n; leads = A.all('h2,h3,h4,h5,h6,summary,dt,b,strong,button').filter((h) => split(A.clean(h.textContent))).length; }
    return leads >= 3 ? { name: '', time: m[1], title: m[2], strong: true } : null;
  };
  const sign = (p, t) => {
    if (!/\d/.test(t)) return null;
    t = A.clean(t).replace(/[:\s]+$/, '');
    if (p.closest('h2,h3,h4,h5,h6,summary,dt,b,strong,button')) { const is = leading(p, t); if (is) return is; }
    if (p.childElementCount) { // the time as text, beside links and other small things in the same line
      const rest = Array.from(p.childNodes).filter((k) => k.nodeType === 3 && k.data.trim() && A.clean(k.data) !== t && !/^[\s|·•,–—()-]*$/.test(k.data) && !(timely.test(p.getAttribute('class') || '') && /^\s*[|·•]\s*\p{L}[^.!?]{1,30}$/u.test(k.data)));
      const small = Array.from(p.children).every((k) => /^(?:a|b|strong|em|i|span|small|cite|br|img|svg)$/.test(k.localName) && k.textContent.length <= 60);
      const whole = A.clean(p.textContent).replace(/[:\s]+$/, '');
      if (small && whole.length <= 110) {
        const is = labelled(whole, t) || parts(whole.replace(first, ''), first.test(whole));
        if (is && is.strong) return is;
      }
      return small && !rest.length && (p.localName !== 'p' || timely.test(p.getAttribute('class') || '')) && A.clean(p.textContent).length <= 140 && A.looksLikeTime(t.replace(/[\s|·•]+$/, '')) ? { name: '', time: t.replace(/[\s|·•]+$/, '').replace(/\s+(?:av|by|von|fra|från|from|:)$/i, ''), strong: true } : null;
    }
    if (t.length > 110 || /^(?:a|h[1-6]|label|option|summary)$/.test(p.localName)) return null;
    const is = labelled(t, t);
    if (is) return is;
    const body = t.replace(/^[\s–—-]+(?=\p{Lu})/u, '').replace(first, ''), by = body !== t;
    return parts(body, by);
  };
  const signed = (p, t) => {
    const had = lines.get(p);
    if (had && had.of === t) return had.is;
    const is = sign(p, t);
    lines.set(p, { of: t, is });
    return is;
  };
  // signed is what a mark says besides its time: { name, time, strong }; null where it is a time and nothing else.
  A.signed = (m) => { const had = lines.get(m); return had && had.is && !A.looksLikeTime(m.textContent) ? had.is : null; };

  // saysEdited tells a time of change from a time of publication, by the words right beside it.
  A.saysEdited = (m) => {
    const own = A.firstTime(A.clean(m.textContent));
    if (edited.test(own)) return !A.looksLikeTime(own.split(edited)[0] || '');
    const p = m.parentElement;
    if (!p || p.querySelectorAll('time').length > 1) {
      const prev = m.previousSibling;
      return !!prev && edited.test(A.clean(prev.textContent).slice(-30)) && A.clean(prev.textContent).length < 40;
    }
    const t = A.clean(p.textContent);
    if (t.length > own.length + 25) return false;
    const before = t.slice(0, t.indexOf(own));
    return edited.test(before);
  };

  // when gathers every writing of a mark's time; which of them holds is decided where it can be tested.
  A.when = (m) => {
    const w = { datetime: '', epoch: '', titles: [], text: A.dayOf(m) || A.drawn(m) || (A.signed(m) || {}).time || parted(m) || A.firstTime(A.clean(m.textContent)).replace(editedTail, '').replace(audience, '') };
    const take = (el) => {
      if (!el || el.nodeType !== 1) return;
      if (!w.datetime) w.datetime = el.getAttribute('datetime') || (el.getAttribute('itemprop') === 'datePublished' && el.getAttribute('content')) || '';
      for (const k of ['data-utime', 'data-timestamp', 'data-time', 'data-epoch', 'data-created', 'data-published']) {
        const v = el.getAttribute(k);
        if (v && !w.epoch) w.epoch = v;
      }
      for (const k of A.rules.attributes || []) {
        const v = (el.getAttribute(k) || '').trim();
        if (/^\d{9,13}$/.test(v)) { if (!w.epoch) w.epoch = v; } else if (v && !w.datetime) w.datetime = v;
      }
      for (const k of ['title', 'aria-label', 'data-tooltip', 'data-tooltip-content', 'data-title', 'data-original-title', 'data-absolute', 'data-date', 'data-datetime']) {
        const v = el.getAttribute(k);
        if (v && v.length < 120 && /\d/.test(v) && !edited.test(A.firstTime(v))) w.titles.push(A.firstTime(v));
      }
      const by = el.getAttribute('aria-describedby') || el.getAttribute('aria-labelledby');
      if (by) for (const id of by.split(/\s+/)) { const d = el.getRootNode().getElementById && el.getRootNode().getElementById(id); if (d && d.textContent.length < 120 && /\d/.test(d.textContent)) w.titles.push(A.clean(d.textContent)); }
    };
    take(m);
    for (const k of m.querySelectorAll('*')) take(k);
    let p = m.parentElement;
    for (let i = 0; p && i < 3 && A.clean(p.textContent).length < w.text.length + 40; i++, p = p.parentElement) {
      take(p);
      for (const k of p.querySelectorAll('[role=tooltip],.sr-only,.visually-hidden,[hidden]')) if (k.textContent.length < 120 && /\d/.test(k.textContent)) w.titles.push(A.clean(k.textContent));
    }
    // What a piece is called to readers of screens may end in its time: "Kommentar av Anna Ek, 3 maj 2026 kl. 12:04".
    const piece = !w.datetime && !w.epoch && A.isRelative(w.text) && m.closest('[role=article],article'), called = piece && piece.getAttribute('aria-label');
    if (called && called.length < 160) {
      const at = called.split(/,\s+/).map((x, i, all) => all.slice(i).join(', ')).find((x, i) => i && A.looksLikeTime(x) && !A.isRelative(x));
      if (at && A.marks(piece)[0] === m) w.titles.push(at);
    }
    return w;
  };
})();
