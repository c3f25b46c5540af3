// Reading one post or comment: who, when, what it says, what it shows.
(() => {
  'use strict';
  const A = arsring;

  const counter = /^[\s·•|]*(?:[\d\s.,]+(?:\s?(?:k|tn|tusen|mn|milj\.?|m|t))?\s*)?(?:gilla\w*|gillningar|likes?|lik|liker\w*|synes godt om|tykkää\w*|kommentar\p{L}*|comments?|responses?|kommen(?:tt|ti)\p{L}*|delning\p{L}*|delat|shares?|delinger|jakoa?|visning\p{L}*|views?|visninger|katselukert\p{L}*|reaktion\p{L}*|reactions?|svar|replies|reply|vastaus\p{L}*|repost\p{L}*|boost\p{L}*|favorit\p{L}*|citat|quotes?|bokmärken|bookmarks?|dela|share|del|jaa|kommentera|comment|komment[eé]r|kommentoi|svara|besvara?|vastaa|spara|save|lagre|gem|tallenna|följ|follow|følg|seuraa|översätt|translate|se översättning|visa översättning|(?:visa|se|läs|show|view|read|vis)\s(?:hela\s|den här\s|this\s|full\s|hele\s|denne\s)?(?:tråd\p{L}*|thread)|följare|followers?|følgere?|seuraaj\p{L}*|prenumeranter|subscribers?|mer|more|(?:赞|点赞|讚|评论|評論|转发|轉發|分享|收藏|回复|回覆|いいね[!！]?|コメント|シェア|返信|좋아요|댓글|공유|답글|أعجبني|إعجاب|تعليق|مشاركة|رد|אהבתי|תגובה|תגובות|שיתוף|שתף|השב)(?:\s?[\d.,]+)?)[\s·•|]*$/iu;
  const bare = /^[\s\d.,·•|:()\-–—+&★☆⭐\u200b\u00a0]*$/;
  const reading = /^(?:ca\s|cirka\s|about\s)?\d+\s*min(?:ut(?:er|es?|tia)?|uutin|uuttia)?\.?\s+(?:lästid|läsning|att läsa|lesetid|læsetid|read(?:ing time)?|to read|lukuaika|lukemista|lesezeit)$/i; // how long it takes to read
  const tally = /^(?=.*\d)[\s\p{So}\p{Extended_Pictographic}\p{Emoji_Component}\ufe0e\ufe0f\d.,]+(?:k|tn|mn|m)?$/iu;
  const folds = /^[\s….]*(?:(?:visa|se|läs|show|see|read|vis|näytä)\s+(?:mindre|färre|less|fewer|færre|vähemmän)|(?:dölj|göm|hide|skjul|piilota)\s+(?:alla\s|all\s)?(?:kommentarer\p{L}*|svar\p{L}*|comments|replies|kommentit|vastaukset))[\s….▲▴⌃^]*$/iu; // closes what was opened
  const order = /^(?:mest relevanta?|mest relevante|most relevant|olennaisimmat|alla kommentarer|alle kommentarer|all comments|kaikki kommentit|nyaste|newest|nyeste|senaste)[\s▾▼⌄]*$/i;
  const badge = /^(?:författare|upphovsperson|opphavsperson|ophavsperson|originator|author|forfatter|tekijä|skapare|creator|administratör|administrator|admin|moderator|sidansvarig|verifiera[dt](?: konto)?|verified(?: account)?|toppfan|top fan|(?:1st|2nd|3rd\+?|\d:[ae]\+?)|redaktör|editor|ägare|owner|op|via (?:facebook|instagram|x|twitter|linkedin|youtube|tiktok|threads|mastodon|bluesky)|svarar|replying to.*|svarar @?\S+|som svar till.*)$/iu;
  const editedOnly = /^[\s·•()]*(?:\d[\d\s.,]*[km]?\s*)?(?:har )?(?:redigera[dt]|ändra[dt]|edited|redigert|redigeret|muokattu|uppdatera[dt])[\s·•()]*$/i;
  const shared = /(delade|återpublicera|återposta|har delat|delat av|repostad|reposta|vidarebefordra|retweet|boosta|shared|reposted|delte|jakoi)/i;
  const pinned = /^[^\p{L}\d]*(?:fäst|fästa|fästat|pinned|festet|fastgjort|kiinnitetty|nålat)\b/iu;
  const edited = /(redigera|ändra[dt]|edited|redigert|redigeret|muokat|uppdatera[dt]|oppdatert|opdateret)/i;
  const gone = /(?:komment\p{L}*|svaret|comment|reply|vastaus)\s(?:har |er |has |have |was |been |ble |blev |blevet |on ){0,2}(?:tagits bort|raderats|raderad|borttagen|togs bort|removed|deleted|hidden|dolts|slettet|fjernet|poistettu)/iu; // of a comment that is there no more
  const published = /^(?:publicera[dt]|publicerades|published|posted|posted on|postat|postad|skrivet|publisert|offentliggjort|lagt ut|julkaistu)(?: (?:av|by|den|on|in|i|av))?[:\s]*$/i;
  const nameish = /(?:^|[\s_-])(?:author|byline|username|user-?name|display-?name|p-name|fn|actor|avsandare|författare|forfatter)(?:$|[\s_-])/i;

  // initials tells the letters that stand for a name where no portrait is.
  const initials = (s, name) => s.length <= 3 && /^\p{Lu}+$/u.test(s) && name.length > s.length && name.split(/[\s-]+/).map((w) => w.slice(0, 1).toUpperCase()).join('').startsWith(s);

  const commentSel = '[role="article"],article,[itemprop="comment"],[itemtype$="/Comment"],li.comment,.h-cite,[id^="comment-"],[data-comment-id],[role="comment"]';

  // comments lists the comments below a post in order: [{el, own}], by selectors, roles, or the times that are not the post's own.
  // noTalk, where it is set, tells what stands among other posts that a page offers.
  A.noTalk = null;
  // titled, where it is set, is the post's own title.
  A.titled = null;
  A.comments = (el, main) => {
    let els = [];
    if (A.rules.comment) els = Array.from(el.querySelectorAll(A.rules.comment));
    const general = A.within(el, commentSel).filter((c) => c !== el);
    if (els.length < general.length) els = general; // a file may name only some of them
    els = els.filter((c) => A.visible(c) && c.getBoundingClientRect().height > 4 && !/(respond|form|reply-?to)/i.test(c.id) && A.clean(c.innerText));
    els = els.filter((c) => A.marks(c).length || A.clean(c.innerText).length > 3);
    if (els.length) {
      // li#comment-1 > article is one comment: of two that begin with the same time the outer one is kept, since replies stand in it.
      const lead = new Map(els.map((c) => [c, A.marks(c)[0] || c]));
      els = els.filter((d) => !els.some((c) => c !== d && c.contains(d) && lead.get(c) === lead.get(d)));
      return els;
    }
    const marks = A.marks(el), last = !!main && closing(el, marks) === main;
    const out = [];
    for (const m of marks) {
      if (m === main || A.inside(main, m) || A.inside(m, main)) continue;
      if (main && !last && !(main.compareDocumentPosition(m) & Node.DOCUMENT_POSITION_FOLLOWING) && main.getRootNode() === m.getRootNode()) continue;
      if (A.weak(m) || A.ownTime(m) || A.noTalk && A.noTalk(m)) continue;
      const c = A.around(m, marks, el, main);
      if (c && !out.includes(c) && A.visible(c)) out.push(c);
    }
    const more = timeless(out);
    return more.length ? [...out, ...more].sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1)) : out;
  };
  // timeless lists what stands below comments in one row with them, is called the same and begins like them, and shows no time.
  const timeless = (known) => {
    const begins = (e) => { const k = e.firstElementChild; return k ? k.localName + '.' + k.className : ''; }, out = [];
    for (const c of known) {
      if (!c.className || !begins(c)) continue;
      for (let k = c.nextElementSibling; k; k = k.nextElementSibling) {
        if (k.localName !== c.localName || k.className !== c.className || begins(k) !== begins(c) || out.includes(k) || known.some((o) => A.inside(o, k)) || A.marks(k).length || !A.visible(k)) continue;
        if (A.leafText([k], []).length > 1) out.push(k);
      }
    }
    return out;
  };
  // closing gives a post's own time where it stands by itself below the comments: it leads to the post, or is the earliest of all.
  const closing = (el, marks) => {
    const z = marks[marks.length - 1];
    if (marks.length < 2 || A.weak(z) || z.getRootNode() !== marks[0].getRootNode()) return null;
    const before = document.createRange(); // a name alone says that the first time is the post's
    if (marks[0].getRootNode() === el.getRootNode()) { before.setStart(el, 0); before.setEndBefore(marks[0]); if (A.clean(before.toString()).length < 30) return null; }
    const around = (m) => {
      let x = m;
      for (let p = A.parent(x); p && p !== el && !marks.some((o) => o !== m && A.inside(o, p)); p = A.parent(x)) x = p;
      return x;
    };
    const beside = (m) => A.clean(around(m).innerText).length - A.clean(m.innerText).length;
    // alone says that a time stands beside nothing but what can be pressed and what is counted
    const alone = (m) => {
      const w = document.createTreeWalker(around(m), NodeFilter.SHOW_TEXT);
      let said = 0;
      for (let n = w.nextNode(); n; n = w.nextNode()) {
        const t = A.clean(n.data), p = n.parentElement;
        if (!t || m.contains(n) || A.button(p) || p.closest('textarea,form') || counter.test(t) || /^\d[\d\s.,]*\p{L}{0,3}(?:\s[\p{L}-]+){0,3}$/u.test(t) || !A.visible(p)) continue;
        said += t.length;
      }
      return said <= 3;
    };
    const leads = (m) => { const a = m.closest('a[href]'); return !!a && A.inside(a, el) && A.isPostPath(a.href); }, at = (m) => Date.parse(m.getAttribute('datetime') || '');
    if (!(leads(z) && !marks.some((m) => m !== z && leads(m))) && !marks.every((m) => m === z || at(m) >= at(z))) return null;
    return (beside(z) <= 3 || alone(z) && at(marks[0]) > at(z)) && beside(marks[0]) > 3 ? z : null; // a caption may repeat the post's own time
  };
  // around finds the element of the comment that a time belongs to: who wrote, what, and perhaps the replies.
  A.around = (m, marks, el, main) => {
    const others = (x) => marks.filter((o) => o !== m && A.inside(o, x));
    const firstIn = (x) => !marks.some((o) => o !== m && A.inside(o, x) && (m.compareDocumentPosition(o) & Node.DOCUMENT_POSITION_PRECEDING) && o.getRootNode() === m.getRootNode());
    const pieces = (x) => {
      const path = new Set(); for (let e = m; e && e !== x; e = A.parent(e)) path.add(e); path.add(x);
      const leave = [m];
      for (const o of others(x)) { if (A.weak(o)) continue; let e = o; while (A.parent(e) && !path.has(A.parent(e))) e = A.parent(e); leave.push(e); }
      const said = A.leafText([x], leave).filter((b, i, all) => !bare.test(b.t) && !counter.test(b.t) && !tally.test(b.t) && !editedOnly.test(b.t) && !initials(b.t, (all[i + 1] || { t: '' }).t));
      // a name in the same line as what is said counts for itself
      const named = said.length === 1 && A.within(x, 'a[href],strong,b').some((a) => { const t = A.clean(a.innerText); return t && said[0].t.startsWith(t) && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(said[0].t.slice(t.length)) && !leave.some((l) => A.inside(a, l)); });
      return named ? 2 : said.length + ((A.signed(m) || {}).name ? 1 : 0);
    };
    let single = m, enough = null;
    for (let x = A.parent(m); x && x !== el && !A.inside(main || el, x) && firstIn(x); x = A.parent(x)) {
      const alone = !others(x).some((o) => !A.weak(o));
      if (alone) { if (A.css(x).display !== 'contents') single = x; if (!enough && pieces(x) >= 2) enough = x; continue; }
      if (!enough) { if (pieces(x) >= 2) return x; continue; }
      break;
    }
    if (!enough) return pieces(single) >= 1 && single !== m ? single : null;
    if (marks.filter((o) => o !== main && !A.weak(o)).length > 1) return single;
    // Alone among its kind it must not take in what stands before it, which is the post's.
    let x = enough;
    for (let p = A.parent(x); p && A.inside(single, p) === false && A.inside(p, single); p = A.parent(p)) {
      const before = document.createRange(); before.setStart(p, 0); before.setEndBefore(x.getRootNode() === p.getRootNode() ? x : x.getRootNode().host || x);
      if (A.clean(before.toString())) break;
      if (A.css(p).display !== 'contents') x = p;
    }
    return x;
  };
  // amidLink tells a date in a link that says more after it, as what is announced does: when it is, and what.
  const amidLink = (m) => {
    const a = m.localName !== 'time' && !m.matches('[datetime]') && m.closest('a[href]');
    if (!a || a === m) return false;
    if (/^https?:/i.test(a.href) && a.host !== location.host && A.clean(a.textContent).length >= A.clean(m.textContent).length + 20) return true; // what is said of another site's page
    const after = document.createRange();
    after.setStartAfter(m);
    after.setEnd(a, a.childNodes.length);
    return A.clean(after.toString()).length >= 10;
  };
  // weak marks are plain text that happens to look like a date; inside a post they are more likely part of what it says.
  A.weak = (m) => {
    if (amidLink(m)) return true;
    if (A.assumed.has(m) || m.localName === 'time' || m.closest('a') || m.matches('[datetime],[data-utime],[data-timestamp],[data-time],[data-epoch],[title],[aria-label],[data-created],[data-published]')) return false;
    if (A.isRelative(A.clean(m.textContent)) || A.dayOf(m)) return false;
    const line = A.signed(m);
    if (line) return !line.strong;
    if (A.withAct(m) || headlike(m)) return false;
    return !/^(?:inline|table-cell)/.test(A.css(m).display) || A.clean(A.parent(m).textContent) === A.clean(m.textContent);
  };
  // headlike tells a time in a line of its own that stands between a name and what is said: the three are all there is, and the name comes first.
  const headlike = (m) => {
    let e = m;
    while (A.parent(e) && A.clean(A.parent(e).textContent) === A.clean(m.textContent)) e = A.parent(e);
    const before = e.previousElementSibling, after = e.nextElementSibling, all = A.parent(e) ? A.parent(e).children : [];
    const person = (x) => { const t = A.clean(x.textContent); return t.length >= 2 && t.length <= 60 && t.split(' ').length <= 4 && (t.split(' ').every((w) => /^\p{Lu}/u.test(w)) || /^\p{Lu}[^.!?:]+$/u.test(t) && parseInt(A.css(x).fontWeight, 10) >= 600) && !A.looksLikeTime(t); };
    if (before && !after && all.length > 2 && all.length < 6 && person(all[0])) return true; // a name, what is said, and when
    if (!before || !after || before.previousElementSibling && A.clean(before.previousElementSibling.textContent).length > 3 || !A.clean(after.textContent)) return false;
    const t = A.clean(before.textContent);
    return t.length >= 2 && t.length <= 60 && !/[.!?…:]$/.test(t) && !A.looksLikeTime(t) && (/^h[2-6]$/.test(before.localName) || !!before.querySelector('a,b,strong') && t.split(' ').length <= 6 || before.matches('a,b,strong') || person(before));
  };
  A.within = (el, sel) => {
    const out = [];
    const visit = (root) => {
      out.push(...root.querySelectorAll(sel));
      for (const k of root.querySelectorAll('*')) if (A.shadow(k)) visit(A.shadow(k));
    };
    visit(el);
    if (A.shadow(el)) visit(A.shadow(el));
    return out;
  };
  // repeated tells what stands on many things that can be pressed: the name of an act, in whatever language, and no part of what somebody wrote.
  const opener = /^(?:visa|se|vis|view|show|see|näytä|katso|hent|ladda|load)\s.{0,24}(?:svar|repl\p{L}*|vastau\p{L}*|kommentar\p{L}*|comments?|kommen(?:tt|ti)\p{L}*)(?:\s*\(\d+\))?$/iu;
  let labels = null, labelled = -1;
  const repeated = (el) => {
    if (!el.hasAttribute('tabindex') && !el.hasAttribute('onclick') || el.matches('a[href],article,[role=article]') || el.getElementsByTagName('*').length > 2) return false;
    const t = A.clean(el.textContent);
    if (!t || t.length > 40 || /^[#@]/.test(t)) return false;
    if (opener.test(t)) return true;
    const n = el.ownerDocument.getElementsByTagName('*').length;
    if (!labels || n !== labelled) {
      labels = new Map(); labelled = n;
      for (const k of A.all('[tabindex],[onclick]')) if (k.getElementsByTagName('*').length <= 2) { const x = A.clean(k.textContent); labels.set(x, (labels.get(x) || 0) + 1); }
    }
    return (labels.get(t) || 0) >= 4;
  };
  const act = (el) => el.localName === 'a' && /^(?:#|javascript:)/i.test(el.getAttribute('href') || '') && A.unwanted(el);
  const isButton = (el) => repeated(el) || act(el) || el.localName === 'label' && !!el.control || el.localName === 'button' || el.localName === 'form' || el.localName === 'input' || el.localName === 'textarea' || el.localName === 'select' ||
    /^(button|toolbar|menu|menuitem|form|tooltip|progressbar|status|textbox|switch|group)$/.test(el.getAttribute('role') || '') && !(el.getAttribute('role') === 'button' && A.holder(el)) && !(el.getAttribute('role') === 'group' && (A.clean(el.innerText).length > 200 || !!el.querySelector('p,time,h1,h2,h3,h4')));

  // introduced tells a name before which a word says that it is one.
  const byLabel = /(?:^|[\s|·•,;(])(?:förslagsställare|författare|skribent|avsändare|insändare|signatur|namn|name|navn|author|autor|verfasser|nimi)\s*:\s*$|(?:^|[\s|·•,;(])(?:(?:skrive[nt]|publicerad|publicerat|postat|inskicka[dt]|inlämna[dt]|submitted|upplagd|upplagt|written|posted|published|geschrieben|skrevet)\s+)(?:av|by|von|fra)\s*:?\s*$|^(?:av|by)\s*:?\s*$/i;
  const introduced = (c) => {
    let e = c;
    while (!e.previousSibling && e.parentElement && /^(?:inline|contents)/.test(A.css(e.parentElement).display)) e = e.parentElement;
    let t = '';
    for (let k = e.previousSibling; k && t.length < 40; k = k.previousSibling) { if (k.nodeType === 1 && (k.localName === 'br' || !/^(?:inline|contents)/.test(A.css(k).display))) break; if (k.nodeType !== 8) t = k.textContent + t; }
    return t.trim() !== '' && t.length < 80 && byLabel.test(t);
  };
  const marksOfWriting = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g; // which way a word is written, and nothing that is seen
  // spoken is the name that an element says: without what can be pressed in it, what only readers of screens meet, and what a point or a bar parts off.
  const spoken = (e) => {
    const unsaid = (k) => { const r = k.getBoundingClientRect(); return k.matches('button,[role=button]') || r.width <= 2 && r.height <= 2 && A.css(k).display !== 'contents'; };
    const out = Array.from(e.querySelectorAll('*')).filter((k) => k.textContent.trim() && unsaid(k));
    let t = e.innerText || e.textContent;
    if (out.length) {
      t = '';
      for (const n of lines(e)) if (A.visible(n.parentElement) && !out.some((k) => k.contains(n))) t += n.data;
    }
    t = A.clean(t.replace(marksOfWriting, ''));
    return t.split(/\s[·•|](?:\s|$)/)[0] || t;
  };
  // byName is the word that says of a name that it is one, where both stand in one element; it is no name by itself.
  const byName = /^(?:(?:[Ss]krive[nt]|[Pp]ublicera(?:d|t)|[Pp]osta(?:d|t)|[Ii]nlagt|[Ii]nskicka[dt]|[Ss]ubmitted|[Uu]pplag[dt]|[Ww]ritten|[Pp]osted|[Pp]ublished)\s+)?(?:[Aa]v|[Bb]y|[Ff]rån|[Ff]ra|von)\s*:?(?:\s+(?=[@\p{Lu}\d])|$)/u;
  const nameOf = (t) => t.replace(byName, '').replace(/\s*[,:]$/, '');
  // author finds the name that stands by a post, and its link.
  const author = (el, mark, skip, permalink) => {
    const name = (a) => {
      const shown = (e) => Array.from(e.children).filter((k) => A.visible(k) && A.clean(k.innerText));
      let parts = a.localName === 'a' ? shown(a) : [];
      while (parts.length === 1 && A.clean(parts[0].innerText) === A.clean(a.innerText) && shown(parts[0]).length) parts = shown(parts[0]);
      // a link that holds a name, and below it what else is said of the account
      const first = parts.length > 1 && A.clean(a.innerText).startsWith(A.clean(parts[0].innerText)) ? parts[0] : a;
      return A.clip(nameOf(spoken(first)), 120);
    };
    const sel = '[rel~=author],[itemprop=author] [itemprop=name],[itemprop=author],.p-author .p-name,.p-author,.comment-author .fn,.comment-author cite,.fn';
    for (const a of [...(A.rules.author ? A.within(el, A.rules.author) : []), ...A.within(el, sel)]) {
      if (skip(a) || !name(a)) continue;
      const link = a.closest('a[href]') || a.querySelector('a[href]') || (a.parentElement && a.parentElement.querySelector(':scope > a[href]'));
      return { el: a, name: name(a), url: link ? link.href : '', sure: true };
    }
    const line = mark && A.signed(mark);
    if (line && line.name) return { el: mark, name: line.name, url: '', sure: false };
    const ok = (c) => {
      const t = name(c), box = c.getBoundingClientRect();
      if (line && line.title && (c === mark || A.inside(c, mark) || A.inside(mark, c))) return false; // the time, and what it is called
      if (box.width <= 2 || box.height <= 2) return false; // said to readers of screens only
      if (mark && c !== mark && A.inside(mark, c)) return false;
      if (act(c) || /^[^\p{L}]*(?:follow(?:ing)?|följ(?:er)?|følg(?:er)?|seuraa|folgen|abonnieren|subscribe|prenumerera|suivre|seguir|volgen)[^\p{L}]*$/iu.test(t) || A.talkClaim(t) !== null || A.titled && A.titled.contains(c)) return false;
      if (answersTo(c)) return false; // to whom, and not who
      if (c.closest('[rel~=tag],[rel~=category]')) return false; // what it is about, not who wrote it
      if (A.onwards(t) && t.length < 30 && c.closest('a[href]') || /^(?:https?:\/\/|www\.)|^[^\s@]+@[^\s@]+\.\p{L}+$|^[^\s/]+\.\p{L}{2,}\/\S*$/iu.test(t)) return false; // ways on
      if (!t || t.length > 80 || badge.test(t) || bare.test(t) || counter.test(t) || A.looksLikeTime(t) || shared.test(t) || pinned.test(t) || published.test(t) || /^[@#]/.test(t) && c.localName !== 'a') return false;
      const on = A.button(c) || c.closest('[role=toolbar]');
      if (on && el.contains(on) && !on.matches('a[role=button]')) return false;
      if (c.matches('h2,h3,h4,h5,h6') && permalink && c.closest('a[href]') && A.cleanURL(c.closest('a[href]').href) === permalink) return false; // what it is called
      return !(c.localName === 'a' && permalink && (A.cleanURL(c.href) === permalink || A.leadsIn(c, permalink))) && !skip(c) && A.visible(c);
    };
    const cands = A.within(el, 'a[href],strong,b,h1,h2,h3,h4,h5,h6,[class]').filter((c) => {
      if (!/^(a|strong|b|h\d)$/.test(c.localName) && !nameish.test(String(c.getAttribute('class')))) return false;
      if (c.localName === 'a' && !A.clean(c.innerText)) return false;
      if (c.matches('h1,h2,h3,h4,h5,h6') && c.querySelector('a[href]') && permalink && A.cleanURL(c.querySelector('a[href]').href) === permalink) return false;
      return !(c.localName === 'a' && A.clean(c.innerText).length <= 60 ? c.querySelector('p + p,section,article') : c.querySelector('p,section,article')) && (!c.querySelector('div') || A.clean(c.innerText).length <= 80) && ok(c);
    });
    const by = cands.find(introduced);
    if (by) { const link = by.closest('a[href]'); return { el: by, name: name(by), url: link && A.inside(link, el) ? link.href : '', by: true }; }
    if (!cands.length || mark && cands.every((c) => mark.compareDocumentPosition(c) & Node.DOCUMENT_POSITION_FOLLOWING && amidWords(c))) return A.bySpan(el, mark, skip, permalink);
    if (cands.length > 1 && initials(name(cands[0]), name(cands[1]))) cands.shift();
    let best = cands[0];
    if (mark) { // the name stands by the time: nearest before it, else the first of all
      const before = cands.filter((c) => c.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (before.length) best = before[0];
      else best = cands[0];
    }
    if (best.localName === 'h1') best = cands.find((c) => c.localName === 'a') || best; // the page's own title, where a name leads to an account
    const named = cands.find((c) => nameish.test(String(c.getAttribute('class') || '')));
    if (named) best = named;
    const link = best.closest('a[href]') || best.querySelector('a[href]');
    return { el: best, name: name(best), url: link && A.inside(link, el) ? link.href : '' };
  };
  // answersTo tells the name of somebody who is answered.
  const answersTo = (c) => { const p = c.previousSibling; return !!p && /(?:^|\s)(?:svar(?:ar|ade|er|te)?|repl(?:y|ied|ying)|in reply|vastaus|antwort)\s+(?:till|to|til|på|an)\s*:?\s*@?$/i.test(p.textContent); };
  // amidWords tells what stands in the middle of a longer line.
  const amidWords = (c) => {
    let b = c;
    while (b.parentElement && /^(?:inline|contents)/.test(A.css(b).display)) b = b.parentElement;
    const t = A.clean(b.textContent), own = A.clean(c.textContent);
    return t.length > own.length + 40 && !t.startsWith(own);
  };
  // lines gives the texts below a node, in shadow trees too.
  const lines = function* (node) { if (node.nodeType === 3) yield node; else for (const k of A.kids(node)) yield* lines(k); };
  // bySpan takes the first short text before the time as the name, where a page marks up nothing.
  A.bySpan = (el, mark, skip, permalink) => {
    if (!mark) return { el: null, name: '', url: '' };
    let n0 = 0, short = null; // what may be initials, and is the name where none follows
    for (const n of lines(el)) {
      if (mark.contains(n)) break;
      const p = n.parentElement, t = A.clean(n.data);
      if (!p || !t || t.length > 60 || t.length < 2 || !t.replace(byName, '') || skip(p) || bare.test(t) || A.looksLikeTime(t) || shared.test(t) || pinned.test(t) || counter.test(t) || published.test(t) || p.closest('[rel~=tag],[rel~=category]') || !A.visible(p)) continue;
      const opens = A.button(p);
      if (opens && !n0 && el.contains(opens) && /^\p{Lu}[\p{L}-]+(?:\s(?:\p{Lu}[\p{L}.-]*|af|av|von|de)){1,3}$/u.test(t) && A.clean(opens.textContent).startsWith(t) && A.clean(opens.textContent).length < t.length + 60) return { el: opens, name: t, url: '' }; // a name that can be pressed
      n0++;
      if (p.localName === 'p' || A.button(p) || p.closest('h1,h2,h3,h4,h5,h6') || /[.!?…]$/.test(t) || permalink && p.closest('a[href]') && A.cleanURL(p.closest('a[href]').href) === permalink) continue;
      if (!short && t.length <= 3 && /^\p{Lu}+$/u.test(t)) { short = { el: p, name: t, url: '' }; continue; }
      return short && !initials(short.name, t) ? short : { el: p, name: nameOf(t), url: '' };
    }
    return short || { el: null, name: '', url: '' };
  };

  const bodySel = '[itemprop=articleBody],.e-content,.entry-content,[data-ad-preview=message],[data-ad-comet-preview=message],[data-testid=tweetText],.comment-content,.status__content';

  // chip tells what stands before the words of many pieces in the same words and in an element of its own kind: what its writer is to the page.
  const chips = new Map();
  const chip = (b, all) => {
    const e = b.at, next = all[1];
    if (b !== all[0] || !next || !next.at || !e || b.t.length > 40 || /[.!?:…]$/.test(b.t) || /^(?:p|h\d)$/.test(e.localName) || e.closest('a[href]')) return false;
    const body = next.at;
    if (e === body || e.contains(body) || body.contains(e) || e.localName === body.localName && e.className === body.className && e.parentElement.className === body.parentElement.className) return false;
    const key = e.localName + '|' + e.className + '|' + b.t, had = chips.get(key), total = document.getElementsByTagName('*').length;
    if (had && had.total === total) return had.is;
    const is = A.all(e.localName).filter((x) => x.className === e.className && x.textContent.length < 80 && A.clean(x.textContent) === b.t).length >= 3;
    chips.set(key, { total, is });
    return is;
  };

  A.saidIn = new WeakMap(); // the element in which the words of a piece begin

  // text gathers what a post says, without its head, its buttons and its comments.
  const text = (el, leave, who, mark) => {
    const own = (list) => list.filter((r) => !leave.some((x) => x !== r && A.inside(r, x)) && A.visible(r) && !list.some((o) => o !== r && o.contains(r)));
    let roots = A.rules.text ? own(A.within(el, A.rules.text)) : [];
    if (!roots.length) roots = own(A.within(el, bodySel));
    A.bodied = roots.length > 0;
    if (!roots.length) roots = [el];
    const blocks = A.leafText(roots, leave, who);
    // Between paragraphs a number is a paragraph, too.
    const amid = (b) => b.at && b.at.localName === 'p' && blocks.some((o) => o !== b && !o.head && o.at && o.at.localName === 'p' && o.at.parentElement === b.at.parentElement && o.t.length > 3 && !counter.test(o.t) && !bare.test(o.t) && !tally.test(o.t));
    // What follows the time in its line, parted off from it, tells who may see the piece or by what it was sent.
    const line = (e) => { const r = e.getBoundingClientRect(); return r.top + r.bottom; };
    const aside = (b) => !!mark && !!b.at && /^[·•|]\s*[^\s.!?][^.!?]{0,29}$/.test(b.t) && Math.abs(line(b.at) - line(mark)) < 16;
    for (const b of blocks) b.t = b.t.replace(/^[\u202a-\u202e\u2066-\u2069]+(@\S+?)[\u202a-\u202e\u2066-\u2069]+$/, '$1');
    let keep = blocks.filter((b) => !(bare.test(b.t) && !(/\d/.test(b.t) && amid(b)) || counter.test(b.t) || tally.test(b.t) || editedOnly.test(b.t) || b.head && (b.t.length < 40 && !(b.at && b.at.closest('h2,h3,h4,h5') && !pinned.test(b.t)) || shared.test(b.t)) || badge.test(b.t.replace(/^[\s·•|]+/, '')) || A.isRelative(b.t) && b.t.length < 25 || pinned.test(b.t.replace(/^[^\p{L}]+/u, '')) && b.t.length < 30));
    // So is what stands in a row with comments in the place of one that was taken away.
    const inRow = (e) => e && e !== el && (leave.some((k) => k.parentElement === e.parentElement && k.localName === e.localName && k.className === e.className) || inRow(e.parentElement));
    const handle = (b) => b === keep[0] && /^@\S+$/.test(b.t) && !!b.at && !!b.at.closest('a[href]'); // the account's, in a line of its own
    // what it is filed under, and the word before that
    const filed = (b) => { const a = b.at && b.at.closest('[rel~=tag],[rel~=category]'); return !!a && !b.t.startsWith('#') && A.clean(a.textContent) === b.t; };
    const filing = (b) => { const n = keep[keep.indexOf(b) + 1]; return b.t.length < 14 && /^(?:i|in|under|—|kategori(?:er)?|etikett(?:er)?|tagg(?:ar)?|tags?|categor(?:y|ies)|ämne(?:n|sord)?)\s*:?$/i.test(b.t) && !!n && filed(n); };
    const foreign = (b) => reading.test(b.t) || to.test(b.t) && b === keep[0] && keep.length > 1 || asking.test(b.t) || acts.test(b.t) || opener.test(b.t) && !!b.at && !!b.at.closest('a,button') || shares.test(b.t) || filed(b) || filing(b) || aside(b) || chip(b, keep) || handle(b) || gone.test(b.t) && inRow(b.at);
    if (!keep.every(foreign)) keep = keep.filter((b) => !foreign(b));
    A.saidIn.set(el, keep.length ? keep[0].at : null);
    let s = '';
    for (const b of keep) s += (s ? (b.para ? '\n\n' : '\n') : '') + b.t;
    return s.replace(/\n{3,}/g, '\n\n').trim();
  };
  // acts are what can be done to a piece, side by side in a line, in languages that the counters do not know
  const acts = /^(?:(?:gefällt mir|antworten|teilen|kommentieren|melden|j.aime|répondre|partager|me gusta|responder|compartir|curtir|comentar|mi piace|rispondi|condividi|vind ik leuk|beantwoorden|reageren|delen|lubię to|odpowiedz|udostępnij)(?:\s*[·•|,]\s*|\s+|$))+$/iu;
  const shares = /^(?:dela|del|share|jaa|tipsa|teilen)(?:\s(?:sidan|på|via|med|this|siden|artikkelen))*\s*:?(?:\s+(?:f|in|@|x|𝕏|t|tw|fb|e-?post|mail|e-?mail|facebook|twitter|linkedin|skriv ut|print)){2,}$/iu;
  // to is a line that says who is answered, above the answer
  const to = /^(?:[Ss]var(?:ar|ade|er|te)?|[Rr]epl(?:y|ied|ying)|[Ii]n reply|[Vv]astaus)\s+(?:till|to|til|på)\s*:?\s*@?\p{Lu}[^.!?]{1,60}$/u;
  // asking is what sites ask at the end of each page
  const asking = /^(?:hjälpte (?:informationen|sidan|det här|detta|den här)|(?:hade|har) du nytta av|hittade du (?:det|vad|informationen)|var (?:den här sidan|informationen på|sidan) |did you find what|was this (?:page|article|information) (?:useful|helpful)|fant du det|fandt du det|löysitkö).{0,80}\?$/i;
  // written is the text of a document of which only the source can be read, since it stands in a frame shut off.
  const written = (source) => {
    const d = new DOMParser().parseFromString(source, 'text/html');
    for (const e of d.querySelectorAll('script,style,template,noscript,[hidden]')) e.remove();
    for (const e of d.querySelectorAll('br')) e.replaceWith('\n');
    const out = [], lines = (e) => { for (const k of e.childNodes) { if (k.nodeType === 3) out.push(k.data.replace(/[^\S\n]+/g, ' ')); else if (k.nodeType === 1) { const block = /^(?:p|div|li|ul|ol|h[1-6]|section|article|blockquote|table|tr)$/.test(k.localName); if (block) out.push('\n'); lines(k); if (block) out.push('\n'); } } };
    lines(d.body);
    return out.join('').replace(/ ?\n\s*/g, '\n').trim();
  };
  // leafText gives the text below the roots block by block; head is true for what stands before the author's name.
  A.leafText = (roots, leave, who) => {
    const out = [];
    let named = !who || !roots.some((r) => r.contains(who)); // a byline elsewhere, say below the text, parts nothing off
    const skip = new Set(leave);
    let cur = '', at = null, para = false, pend = false;
    const flush = (p) => {
      const t = cur.replace(/[ \t\u00a0]+/g, ' ').replace(/ ?\n ?/g, '\n').trim();
      if (t) { out.push({ t, para: para || pend, head: !named, at }); pend = false; }
      if (p) pend = true;
      cur = ''; at = null; para = p;
    };
    const go = (node, st) => {
      if (node.nodeType === 3) { if (!at && /\S/.test(node.data)) at = node.parentElement; if (st.shown) cur += st.pre ? node.data.replace(/\r\n?/g, '\n') : A.transform(node.data, st.how).replace(/[\s]+/g, ' '); return; }
      if (node.nodeType !== 1) return;
      if (who && (node === who || node.contains(who)) && skip.has(node)) { flush(false); named = true; return; }
      if (skip.has(node)) return;
      const n = node.localName;
      if (n === 'iframe' && node.srcdoc && !A.frameBody(node)) { flush(true); cur += written(node.srcdoc); flush(true); return; }
      if (/^(script|style|noscript|template|svg|iframe|video|audio|figcaption)$/.test(n) && n !== 'figcaption' || isButton(node) || A.opener(node)) return;
      if (n === 'br') { cur += '\n'; return; }
      // buttons that are marked up as nothing: a word for an act, and nothing else
      if (!node.children.length && n !== 'p' && node.textContent.length < 50 && (counter.test(node.textContent) || order.test(A.clean(node.textContent)))) return;
      if (!node.children.length && node.textContent.length < 30 && folds.test(node.textContent)) { cur = cur.replace(/\s*(?:…|\.\.\.)\s*$/, ''); return; }
      if (n === 'img') { if (node.alt && (node.width <= 32 || /emoji|emote/i.test(node.className + node.src)) && /\p{Extended_Pictographic}/u.test(node.alt)) cur += node.alt; return; }
      const s = A.css(node);
      if (s.display === 'none' || node.getAttribute('aria-hidden') === 'true' && !node.querySelector('img') && node.localName !== 'p') return;
      if (s.position === 'absolute' && parseFloat(s.width) <= 1.5 && parseFloat(s.height) <= 1.5) return;
      const inner = { shown: s.visibility === 'visible', how: s.textTransform, pre: /^pre|break-spaces/.test(s.whiteSpace) };
      const block = !/^(inline|contents)/.test(s.display) || n === 'p';
      const p = n === 'p' || n === 'ul' || n === 'ol' || n === 'blockquote' || /^h[1-6]$/.test(n);
      if (block) flush(p);
      for (const k of A.kids(node)) go(k, inner);
      if (block) flush(p);
    };
    for (const r of roots) { const s = A.css(r); flush(false); const st = { shown: s.visibility === 'visible', how: s.textTransform, pre: /^pre|break-spaces/.test(s.whiteSpace) }; for (const k of A.kids(r)) go(k, st); flush(r.localName === 'p'); }
    if (out.reduce((n, b) => n + (b.head ? b.t.length : 0), 0) > 160) for (const b of out) b.head = false; // so much is no head: the name stands below
    return out;
  };

  const media = (el, leave) => {
    const out = [], seen = new Set();
    for (const m of A.within(el, 'img,video,audio')) {
      if (leave.some((x) => A.inside(m, x)) && !m.closest('a[href],button,[role=button]')) continue;
      const c = A.commentsCache.get(el) || [];
      if (c.some((x) => A.inside(m, x))) continue;
      const r = m.getBoundingClientRect();
      if (m.localName === 'img') {
        const waits = !m.getAttribute('src') && m.getAttribute('data-src'); // it has not come into sight, and has no size yet
        if (!waits && (r.width < 70 || r.height < 50)) continue;
        const round = parseFloat(A.css(m).borderTopLeftRadius) >= r.width / 2 - 1;
        if (round && r.width < 200) continue;
      }
      let url = m.currentSrc || m.src || (m.querySelector('source') || {}).src || m.getAttribute('data-src') || '';
      if (url && !/^[a-z][a-z\d+.-]*:/i.test(url)) url = new URL(url, document.baseURI).href;
      if (m.localName === 'video' && !url) url = m.poster || '';
      if (url.startsWith('data:')) url = A.dataRef(url);
      if (seen.has(url) && url) continue;
      seen.add(url);
      const alt = m.getAttribute(m.localName === 'img' ? 'alt' : 'aria-label');
      out.push({ kind: m.localName === 'img' ? 'image' : m.localName, url, alt: alt === null || alt === '' ? null : alt, w: m.naturalWidth || m.videoWidth || 0, h: m.naturalHeight || m.videoHeight || 0 });
    }
    // pictures that are backgrounds, where the page itself gives each its own
    for (const b of A.within(el, '[style*="url("]')) {
      const r = b.getBoundingClientRect(), m = /url\(\s*["']?([^"')]+)/.exec(A.css(b).backgroundImage), c = A.commentsCache.get(el) || [];
      if (!m || r.width < 100 || r.height < 80 || !A.visible(b) || leave.some((x) => A.inside(b, x)) || c.some((x) => A.inside(b, x)) || b.querySelector('video,p') || A.clean(b.innerText).length > 40) continue;
      if (parseFloat(A.css(b).borderTopLeftRadius) >= r.width / 2 - 1 && r.width < 200) continue;
      const url = m[1].startsWith('data:') ? A.dataRef(m[1]) : new URL(m[1], document.baseURI).href;
      if (seen.has(url)) continue;
      seen.add(url);
      out.push({ kind: 'image', url, alt: b.getAttribute('aria-label') || b.title || null, w: 0, h: 0 });
    }
    for (const f of A.within(el, 'iframe[src]')) if (/youtube|vimeo|player|video|tiktok/i.test(f.src)) out.push({ kind: 'video', url: f.src, alt: f.title || null, w: 0, h: 0 });
    return out;
  };
  A.commentsCache = new WeakMap();
  // talkPager finds what leads to the next page of a thread that is shown in pages of its own: it stands behind the comments.
  const onPage = /^(?:nästa|next|neste|næste|seuraava\p{L}*)(?:\s+\p{L}+)?\s*[›»→>]*$/iu;
  A.talkPager = (el, kids) => kids.length && A.within(el, 'button,[role=button],a[href="#"]').find((b) => onPage.test(A.label(b)) && !kids.some((k) => A.inside(b, k)) && !!(kids[kids.length - 1].compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) && !b.closest('[class*=carousel i],[class*=slider i],[class*=gallery i],[class*=swiper i]') && A.pressable(b));

  // number reads a count with its thousands and millions.
  const number = (d, f) => {
    const times = { k: 1e3, tn: 1e3, tusen: 1e3, mn: 1e6, milj: 1e6, m: 1e6 }[(f || '').toLowerCase().replace('.', '')];
    if (times) return Math.round(parseFloat(d.replace(/[\s\u00a0]/g, '').replace(',', '.')) * times);
    d = d.replace(/[\s\u00a0.,]/g, '');
    return d.length && d.length < 12 ? +d : null;
  };
  const amount = '(\\d{1,3}(?:[\\s\u00a0.,]\\d{3})+|\\d+(?:[.,]\\d+)?)\\s?(k|tn|tusen|mn|milj\\.?|m)?(?![\\p{L}\\d])[\\s\u00a0]*';
  const counts = {
    comments: new RegExp(amount + '(?:kommentar|comment|kommen(?:tt|ti)|svar\\b|repl(?:y|ies)|vastau)', 'iu'),
    likes: new RegExp(amount + '(?:gilla|personer gilla|like|reaktion|reaction|favorit|tykk|hjärta)', 'iu'),
    shares: new RegExp(amount + '(?:delning|har delat|share|repost|retweet|boost|deling|jako|vidare)', 'iu'),
  };
  // The same with the number last, as on buttons: "Kommentarer (3)".
  const talkCount = /(?:kommen(?:tar|tt|ti)|comment|svar|repl(?:y|ies)|vastau)\p{L}*\s?[(:·]\s?(\d{1,3}(?:[\s\u00a0.,]\d{3})+|\d+(?:[.,]\d+)?)\s?(k|tn|tusen)?\s?\)?$/iu;
  const signCount = /^[💬🗨🗪]\ufe0f?\s?(\d+)()$/u;
  // talkClaim is how many comments a short text counts, null where it counts none.
  const counted = (k, s) => { const m = counts[k].exec(s) || k === 'comments' && (talkCount.exec(s) || signCount.exec(s)); return m ? number(m[1], m[2]) : null; };
  A.talkClaim = (s) => counted('comments', s);
  // promised is how many comments the buttons pressed in a post promised at least.
  A.promised = new WeakMap();
  const reactions = (el, kids) => {
    const r = { likes: null, shares: null, comments: null };
    for (const k of ['likes', 'shares', 'comments']) {
      const e = A.rules[k] && A.within(el, A.rules[k]).find((x) => !kids.some((c) => A.inside(x, c)));
      const m = e && /(\d{1,3}(?:[\s\u00a0.,]\d{3})+|\d+(?:[.,]\d+)?)\s?(k|tn|tusen|mn|milj\.?|m)?/i.exec(A.clean(e.textContent) || e.getAttribute('aria-label') || '');
      if (m) r[k] = number(m[1], m[2]);
    }
    const take = (s) => {
      s = A.clean(s);
      if (!s || s.length > 80 || !/\d/.test(s)) return;
      for (const k of ['comments', 'likes', 'shares']) {
        if (r[k] === null) r[k] = counted(k, s);
      }
    };
    const w = A.within(el, '[aria-label],button,[role=button],a,span,div').slice(0, 400);
    const said = [];
    for (const e of w) {
      if (kids.some((c) => A.inside(e, c))) continue;
      const l = e.getAttribute('aria-label');
      if (l) said.push(l);
      if (A.numbered(e)) said.push(A.clean(e.textContent).replace(/\D/g, '') + ' comments');
      if (!e.children.length || e.children.length < 3 && e.textContent.length < 40) said.push(e.textContent);
    }
    // the shortest writing first: a longer one may hold two counts side by side
    said.sort((a, b) => a.length - b.length).forEach(take);
    if (A.promised.has(el)) r.comments = Math.max(r.comments || 0, A.promised.get(el));
    return r.likes === null && r.shares === null && r.comments === null ? null : r;
  };

  // head is the line that holds a piece's author and time, when it holds little else.
  A.head = (name, mark, el, kids) => {
    if (!name || !mark) return null;
    let p = name;
    while (p && p !== el && !A.inside(mark, p)) p = A.parent(p);
    if (!p || p === el || kids.some((c) => A.inside(c, p))) return null;
    let t = A.clean(p.innerText);
    for (const part of [name, mark]) t = t.replace(A.clean(part.innerText || part.textContent), '');
    const a = name.getBoundingClientRect(), b = mark.getBoundingClientRect();
    if (b.top - a.bottom > 14 || a.top - b.bottom > 14) return null;
    return t.length <= 60 && !p.querySelector('p') && !below(p, [name, mark], Math.max(a.bottom, b.bottom) - 2) ? p : null;
  };
  // below tells whether something is said in el lower down than y: a head has its name and time last.
  const below = (el, except, y) => {
    const w = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    for (let n = w.nextNode(); n; n = w.nextNode()) {
      const t = A.clean(n.data), at = n.parentElement;
      if (t.length < 3 || /^@\S+$/.test(t) || badge.test(t) || counter.test(t) || editedOnly.test(t) || except.some((x) => A.inside(at, x)) || A.button(at) || !A.visible(at)) continue;
      const r = document.createRange();
      r.selectNodeContents(n);
      if (r.getBoundingClientRect().height > 2 && r.getBoundingClientRect().top >= y) return true;
    }
    return false;
  };

  // read gives one post as data; comments are nested by containment, else by how far they are indented.
  A.read = (el, asComment) => {
    const marks = A.marks(el);
    const first = asComment ? null : (A.rules.comment ? el.querySelector(A.rules.comment) : null);
    const kids0 = asComment ? A.nested.filter((c) => c !== el && A.inside(c, el)) : null;
    let mark = marks.find((m) => !(first && first.contains(m)) && !(kids0 && kids0.some((c) => A.inside(m, c)))) || null;
    if (mark && !asComment) {
      const q = A.within(el, commentSel).filter((c) => c !== el);
      mark = closing(el, marks) || (q.some((c) => A.inside(mark, c)) ? null : mark);
    }
    if (A.markless === el) mark = null;
    const kids = asComment ? kids0 : A.comments(el, mark);
    A.commentsCache.set(el, kids);
    const permalink = mark || !asComment ? A.permalink(el, mark, asComment) : '';
    const inKid = (x) => kids.some((c) => A.inside(x, c)) || !!A.noTalk && A.noTalk(x);
    const who = author(el, mark, inKid, permalink);
    if (/#(?!!?\/)/.test(who.url) && who.url.split('#')[0] === location.href.split('#')[0]) who.url = ''; // a place on this very page is nobody's address
    who.name = who.name.split(/\s+[▸►▶❯]\s+/)[0]; // on whose page it was written is no part of the name
    const at = /^(.+?)\s+@([\p{L}\d_.-]+(?:@[\w.-]+)?)$/u.exec(who.name);
    const handle = at ? at[2] : '';
    if (at) who.name = at[1];
    const leave = [...kids, ...A.besides(el), ...A.membership(el), ...marks.filter((m) => m === mark || !A.weak(m) && (m.localName === 'time' || m.closest('a') && A.clean(m.closest('a').textContent).length < 60))];
    if (mark) { const a = mark.closest('a'); if (a && el.contains(a) && A.clean(a.textContent).length < 80) leave.push(a); }
    if (who.el) leave.push(who.el);
    const card = who.el && who.el.closest('a[href]'); // what else the link to the writer says
    if (card && card !== who.el && A.inside(card, el) && A.cleanURL(card.href) !== permalink && !(mark && card.contains(mark)) && A.clean(card.innerText).length < 200) leave.push(card);
    const cw = A.warning(el, inKid);
    if (cw.el) leave.push(cw.el);
    if (!asComment && permalink) for (const a of A.within(el, 'a[href]')) if (!inKid(a) && A.clean(a.textContent).length < 40 && A.onwards(A.clean(a.textContent)) && A.cleanURL(a.href) === permalink) leave.push(a);
    const head = A.head(who.el, mark, el, kids);
    if (head) leave.push(head);
    let said = text(el, leave, head && who.el && head.contains(who.el) ? null : who.el, mark);
    if (!said && head && asComment) said = text(el, leave.filter((x) => x !== head), who.el, mark); // name, words and time are one line of a few words
    const title = mark && (A.signed(mark) || {}).title;
    if (title) said = (title + '\n\n' + said).trim();
    const bodied = A.bodied; // the text stands in what is marked up as the post's text, not in all there is
    const links = [];
    for (const a of A.within(el, 'a[href]')) {
      if (inKid(a) || a === who.el || leave.includes(a) || (who.el && (a.contains(who.el) || who.el.contains(a))) || !A.clean(a.innerText) || !/^(https?|mailto|tel):/i.test(a.href)) continue;
      if (isButton(a) || counter.test(A.clean(a.innerText)) || A.cleanURL(a.href) === permalink || A.looksLikeTime(A.clean(a.innerText)) || links.length > 50 || links.includes(a.href)) continue;
      if (who.url && a.href === who.url) continue;
      links.push(a.href);
    }
    const heads = A.within(el, 'span,small,div,b,i,em,time,abbr').filter((e) => !inKid(e) && !e.children.length && e.textContent.length < 60).slice(0, 300);
    // "Uppdaterad" may stand beside the time and not in it: such a time is that of the change.
    const ed = heads.find((e) => edited.test(e.textContent) && !e.closest('p')) || A.within(el, 'time').find((e) => !inKid(e) && e !== mark && A.saysEdited(e));
    const lang = (el.querySelector('[lang]') || {}).lang || el.lang || '';
    const out = {
      permalink: permalink === location.href.split('#')[0] && asComment ? '' : permalink, author: who.name, author_url: who.url, handle,
      when: mark ? A.when(mark) : A.silentWhen(el, permalink), edited_shown: !!ed, edited: ed ? A.when(ed) : null, pinned: heads.some((e) => pinned.test(A.clean(e.textContent))), sure: !!who.sure, headed: !!who.el && /^h[2-6]$/.test(who.el.localName) && !who.url && !who.sure, guess: !!who.el && who.el !== mark && !who.sure && !who.by && (!who.url || who.url === permalink), bodied,
      shared: heads.some((e) => shared.test(e.textContent) && e.textContent.length < 60),
      warning: cw.text, text: said, links, media: media(el, asComment ? [] : []), lang, dir: A.css(el.querySelector('p,[dir]') || el).direction,
      reactions: asComment ? null : reactions(el, kids), comments: [], id: el.id || el.getAttribute('data-id') || '',
    };
    out.x = asComment ? edge(el, kids0) : 0;
    if (!asComment) out.hollow = !said && !who.name && !marks.length && !out.media.length && !el.querySelector('iframe,canvas,object,embed,svg');
    if (!asComment) out.paged = kids.length > 1 && !!A.talkPager(el, kids);
    if (!asComment) out.beyond = A.beyond(el, kids, permalink, said);
    out.mark = mark ? A.marked.push(mark) - 1 : -1;
    if (asComment) { out.comment_id = A.commentId(el); return out; }
    A.nested = kids;
    out.comments = A.nest(kids);
    A.nested = [];
    heading(out);
    return out;
  };
  // heading takes what the writer said at the post's own time, first of all that stands below it, for the post's text where it has no other: some
  // pages list it with the comments.
  const heading = (out) => {
    const [c] = out.comments, told = (w) => (w ? w.datetime || w.epoch || w.text : '');
    if (out.text || !c || !c.text || c.author !== out.author || !told(c.when) || told(c.when) !== told(out.when)) return;
    out.text = c.text;
    out.links.push(...c.links.filter((l) => !out.links.includes(l)));
    out.comments = [...c.comments, ...out.comments.slice(1)];
  };
  // edge is where a comment's lines begin, px from the window's edge at which they begin in its language: the smaller the less it is indented.
  const edge = (el, inner) => {
    const w = document.createTreeWalker(el, NodeFilter.SHOW_TEXT), rtl = A.css(el).direction === 'rtl';
    let best = Infinity;
    for (let t = w.nextNode(), n = 0; t && n < 40; t = w.nextNode()) {
      if (!/\S/.test(t.data) || inner.some((k) => A.inside(t.parentElement, k)) || !A.visible(t.parentElement)) continue;
      const r = t.ownerDocument.createRange();
      r.selectNodeContents(t);
      const q = r.getBoundingClientRect();
      if (q.width < 1) continue;
      best = Math.min(best, rtl ? -q.right : q.left);
      n++;
    }
    return best < Infinity ? best : el.getBoundingClientRect().left;
  };
  A.nested = [];
  A.marked = [];
  A.commentId = (c) => c.getAttribute('data-comment-id') || c.getAttribute('data-id') || (/\d/.test(c.id) ? c.id : '');
  // threads tells which comments answer another by the boxes they stand in, where nothing is indented: of three boxes or more beside each other each has
  // a comment first, and all others deeper down.
  const threads = (kids) => {
    const out = new Map();
    const sort = (els) => {
      const way = (e) => { const w = []; for (let x = e; x; x = A.parent(x)) w.unshift(x); return w; }, ways = els.map(way);
      let d = 0;
      while (ways.every((w) => w[d] && w[d] === ways[0][d])) d++;
      const boxes = new Map();
      ways.forEach((w, i) => { if (!boxes.has(w[d])) boxes.set(w[d], []); boxes.get(w[d]).push(i); });
      const many = [...boxes.values()].filter((is) => is.length > 1);
      if (boxes.size >= 3 && many.every((is) => is.slice(1).every((i) => ways[i].length > ways[is[0]].length))) { for (const is of many) for (const i of is.slice(1)) out.set(els[i], els[is[0]]); return; }
      if (boxes.size > 1) for (const is of many) sort(is.map((i) => els[i]));
    };
    if (kids.length > 3) sort(kids);
    return out;
  };
  A.nest = (kids) => {
    const top = [], stack = [], boxed = threads(kids);
    const level = A.levels(kids);
    const data = kids.map((c) => { const d = A.read(c, true); return { el: c, x: level ? level(c) : d.x, d }; });
    A.wordless(data);
    for (let i = data.length; i--;) if (!data[i].d.when && gone.test(data[i].d.text)) data.splice(i, 1);
    const ids = new Map(), texts = new Map(); // what is said under one address
    for (const k of data) for (const own of [k.d.permalink, k.d.comment_id]) if (own) texts.set(own, (texts.get(own) || new Set()).add(k.d.author + '\0' + k.d.text));
    const alone = (own) => own && texts.get(own).size === 1;
    for (const k of data) {
      if (!alone(k.d.permalink)) k.d.permalink = ''; // the post's, or the writer's
      if (!alone(k.d.comment_id)) k.d.comment_id = '';
    }
    A.awaits(data);
    for (const k of data) {
      const w = k.d.when, named = k.d.permalink && k.d.permalink !== A.cleanURL(location.href) ? k.d.permalink : k.d.comment_id;
      const id = named || [k.d.author, k.d.text, w && (w.datetime || w.epoch || w.text)].join('\0');
      const before = ids.get(id) || [];
      // A page may show the same comment twice, say as a sample above all of them; side by side they are two that say the same.
      if (before.length && (named || !before.some((o) => A.abreast(o, k.el, kids)))) continue;
      k.d.twin = before.length;
      ids.set(id, [...before, k.el]);
      let parent = null;
      for (const o of data) if (o !== k && A.inside(k.el, o.el) && (!parent || A.inside(o.el, parent.el))) parent = o;
      if (!parent) {
        while (stack.length && stack[stack.length - 1].x >= k.x - 6) stack.pop();
        parent = (stack.length ? stack[stack.length - 1] : data.find((o) => o.el === boxed.get(k.el))) || null;
      }
      stack.push(k);
      (parent ? parent.d.comments : top).push(k.d);
    }
    return top;
  };
  // abreast tells whether two comments stand in one list.
  A.abreast = (a, b, all) => {
    const row = (e) => { let x = e; for (let p = A.parent(x); p && !all.some((o) => o !== e && A.inside(o, p)); p = A.parent(x)) x = p; return x; };
    const x = row(a), y = row(b);
    return A.parent(x) === A.parent(y) && x.localName === y.localName && x.className === y.className;
  };
  // wordless looks again at comments that seem to say nothing: of a number, or of a word that is also the name of an act, only the place tells what
  // it is. It stands where the others' words stand.
  A.wordless = (data) => {
    const same = (a, b) => a.localName === b.localName && a.className === b.className;
    const mute = !data.some((o) => o.d.text);
    for (const k of data) {
      if (k.d.text || k.d.media.length) continue;
      const peer = data.find((o) => o !== k && o.d.text && A.saidIn.get(o.el) && same(o.el, k.el));
      let at = null;
      if (peer) {
        const path = [];
        for (let e = A.saidIn.get(peer.el); e && e !== peer.el; e = e.parentElement) path.unshift(Array.prototype.filter.call(e.parentElement ? e.parentElement.children : [], (c) => c.localName === e.localName).indexOf(e), e.localName);
        at = k.el;
        for (let i = 0; at && i < path.length; i += 2) at = Array.prototype.filter.call(at.children, (c) => c.localName === path[i + 1])[path[i]];
      } else if (mute) at = Array.prototype.find.call(k.el.querySelectorAll('p'), (p) => !data.some((o) => o !== k && o.el.contains(p) && k.el.contains(o.el)));
      const t = at && at !== k.el && A.visible(at) && !A.button(at) && !at.closest('a[href]') ? A.clean(at.innerText) : '';
      if (t && t !== k.d.author && (peer || !A.looksLikeTime(t))) k.d.text = t;
    }
  };
  // warning finds what stands over a text until it is opened: the words beside a switch that has been turned.
  A.warning = (el, skip) => {
    const none = { el: null, text: '' };
    const words = (e) => { let t = A.clean(e.innerText); for (const b of e.querySelectorAll('button,[role=button],summary')) t = t.replace(A.clean(b.innerText), ''); return A.clean(t); };
    const sel = (A.rules.warning ? A.rules.warning + ',' : '') + '[class*=spoiler-text i],[class*=content-warning i],[data-content-warning],.p-summary';
    const named = A.within(el, sel).find((e) => !skip(e) && words(e) && words(e).length < 300 && !e.querySelector('p+p'));
    if (named) return { el: named, text: words(named) };
    for (const b of A.within(el, '[aria-expanded=true],summary')) {
      const p = b.localName === 'summary' ? b : A.parent(b);
      if (!p || skip(b) || p === el || p.querySelector('br,p,img,video')) continue;
      const t = b.localName === 'summary' ? A.clean(b.innerText) : words(p), next = p.nextElementSibling;
      if (t && t.length <= 160 && !bare.test(t) && next && A.clean(next.innerText) && A.visible(next)) return { el: p, text: t };
    }
    return none;
  };
})();
