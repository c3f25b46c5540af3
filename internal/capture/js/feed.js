// The feed as a thing that is scrolled: what the window shows of it, what comes next, and how it says that it has ended.
// Heights are counted from the top of the scrolled content; origin is where that top stands in the document.
(() => {
  'use strict';
  const A = arsring;

  let box = null; // the element that scrolls, null for the document
  const scrollable = (el) => {
    const s = A.css(el);
    return /(auto|scroll|overlay)/.test(s.overflowY) && el.scrollHeight > el.clientHeight + 40 && el.clientHeight > 200;
  };
  A.findScroller = (items) => {
    box = null;
    for (let e = items.length ? A.parent(items[0]) : null; e && e !== document.body && e !== document.documentElement; e = A.parent(e) || (e.ownerDocument !== document ? e.ownerDocument.defaultView.frameElement : null)) {
      if (scrollable(e) && !(A.frameBody(e))) { box = e; break; }
    }
    if (!box && items.length && items[0].ownerDocument !== document) {
      const root = items[0].ownerDocument.scrollingElement;
      if (root && root.scrollHeight > root.clientHeight + 40) box = root;
    }
  };
  // nextBox goes to another box that scrolls by itself and holds posts, and tells whether there was one.
  const boxes = new WeakSet();
  let switched = false; // from then on only what stands in the box is in sight
  A.nextBox = () => {
    if (!box) return false;
    boxes.add(box);
    for (const i of A.find()) {
      if (A.inside(i, box)) continue;
      for (let e = A.parent(i); e && e !== document.body; e = A.parent(e)) if (!boxes.has(e) && scrollable(e) && !e.contains(box)) { box = e; return (switched = true); }
    }
    return false;
  };
  // elsewhere tells what stands in another box that scrolls by itself: what moves there says nothing of this one.
  const elsewhere = (el) => {
    for (let e = A.parent(el); e && e !== document.body && !e.contains(box); e = A.parent(e)) if (scrollable(e)) return true;
    return false;
  };
  const boxTop = () => (box.ownerDocument.scrollingElement === box ? A.offset(box.ownerDocument).y : A.rect(box).y + parseFloat(A.css(box).borderTopWidth || 0));
  const boxScroll = () => (box ? box.scrollTop : window.scrollY);
  A.origin = () => (box ? boxTop() - box.scrollTop : 0);
  A.where = () => ({ origin: A.origin(), scroll: boxScroll(), height: box ? box.scrollHeight : A.height(), window: box ? box.clientHeight : window.innerHeight, inner: !!box, page: A.height() });
  A.scrollFeed = (y) => {
    if (!box) { window.scrollTo({ top: y, left: 0, behavior: 'instant' }); return window.scrollY; }
    if (box.ownerDocument.scrollingElement === box) box.ownerDocument.defaultView.scrollTo({ top: y, left: 0, behavior: 'instant' }); else box.scrollTo({ top: y, left: 0, behavior: 'instant' });
    return box.scrollTop;
  };

  let current = [], all = []; // the posts in sight, and all that are there
  const taken = new WeakMap(); // how much a post held when it was last read
  const amount = (el) => ({ n: el.getElementsByTagName('*').length, t: el.textContent.length });
  // grown tells a post to which the page has added something since it was read; a counter or a clock that moved is nothing.
  const grown = (el) => { const was = taken.get(el); if (!was) return false; const now = amount(el); return now.n > was.n + 2 && now.t > was.t + 20; };
  // look lists the posts that reach into the stretch y0..y1 of the content: [{i, key, top, bottom, grown}] from top to bottom.
  A.look = (y0, y1) => {
    const items = A.find();
    if (!box || !box.isConnected || !items.some((i) => i.isConnected && A.inScroller(i))) A.findScroller(items);
    const o = A.origin();
    current = [];
    all = items;
    const out = [], seen = new Map();
    for (const el of items) {
      if (box && !A.inside(el, box) && (switched || elsewhere(el))) continue;
      const r = A.rect(el), top = r.y - o, bottom = top + r.h;
      if (!(r.h < 2 || bottom <= y0 + 1 || top >= y1)) seen.set(el, { top, bottom });
    }
    A.tellApart(items, (el) => seen.has(el));
    for (const [el, at] of seen) {
      out.push({ i: current.length, key: A.key(el), ...at, grown: grown(el) });
      current.push(el);
    }
    out.sort((a, b) => a.top - b.top);
    return { items: out, total: items.length, how: A.how(), ...A.where() };
  };
  A.inScroller = (el) => !box || A.inside(el, box) || box.contains(el);
  // holdsPosts says whether several of the posts found last lie in an element.
  A.holdsPosts = (box) => all.length > 1 && box.contains(all[0]) && box.contains(all[all.length - 1]);
  // postCount is how many posts the document held when it was last looked at.
  A.postCount = () => all.length;
  A.rects = (is) => { const o = A.origin(); return is.map((i) => { const el = current[i]; if (!el || !el.isConnected) return null; const r = A.rect(el); return { top: r.y - o, bottom: r.y - o + r.h }; }); };

  // unfold opens what is closed in the posts given by number, all at the same time, and tells what was pressed and in how many posts
  // more is left to press.
  A.unfold = async (is, limit) => {
    A.cut = A.endless = 0;
    A.inPlace();
    const until = performance.now() + limit, done = [], one = (i, open) => open(current[i], until - performance.now()).catch(() => []);
    if (A.forgets()) for (const i of is) done.push(await one(i, A.open));
    else done.push(...await Promise.all(is.map((i) => one(i, A.open))));
    for (const i of is) done.push(await one(i, A.openAgain));
    await Promise.all(is.map((i) => one(i, slide)));
    return { pressed: done.flat(), cut: A.cut, endless: A.endless, led: A.led, busy: is.some((i) => current[i] && A.busy(current[i])) };
  };
  // slide goes through pictures that a post shows one at a time.
  const slid = new WeakMap();
  const slide = async (el, limit) => { const got = el ? await A.slides(el, Math.min(limit, 30000)) : { media: [] }; if (got.media.length) slid.set(el, got.media); };
  // hollows is how many things in the place of posts hold nothing to this day.
  const empties = new Set();
  const blank = (e) => e.isConnected && A.shown(e) && !A.words(e) && !A.within(e, 'img,video,picture,iframe,canvas').length;
  A.hollows = () => {
    const out = new Set(Array.from(empties).filter(blank)), rows = new Set(all.map((e) => e.parentElement).filter((r) => r && r.scrollWidth > r.clientWidth + 100 && /auto|scroll/.test(A.css(r).overflowX)));
    // In a row that is scrolled sideways what is far from sight may be empty.
    for (const r of rows) for (const e of r.children) if (!taken.has(e) && all.some((o) => o.parentElement === r && o.className && o.className === e.className) && blank(e)) out.add(e);
    return out.size;
  };
  // take reads the posts given by number.
  A.take = (is) => { A.findDays(); return is.map((i) => { const el = current[i]; if (!el || !el.isConnected) return null; const p = A.read(el, false); p.key = A.key(el); if (p.hollow) empties.add(el); p.media.push(...(slid.get(el) || []).filter((m) => !p.media.some((o) => o.url === m.url))); taken.set(el, amount(el)); return p; }); };

  // turnTalk leads a post's comments to their next page and reads the post again; null where there is none, or nothing comes.
  A.turnTalk = async (i, limit) => {
    const el = current[i], b = el && el.isConnected && A.talkPager(el, A.commentsCache.get(el) || []);
    if (!b) return null;
    const was = el.textContent, label = A.label(b);
    b.click();
    for (const until = performance.now() + limit; el.isConnected && (el.textContent === was || A.busy(el)); await new Promise((f) => setTimeout(f, 20))) if (performance.now() > until) return null;
    await A.open(el, limit).catch(() => []);
    const [post] = A.take([i]);
    return post && { label, post, more: !!A.talkPager(el, A.commentsCache.get(el) || []) };
  };

  const more = /(?:(?:visa|ladda|läs in|hämta|se|load|show|see|view|last inn|hent|indlæs|vis|lataa|näytä)\s.{0,20}(?:fler|mer|meir|more|older|äldre|flere|fleire|mere|lisää|vanhem\p{L}*|eldre|ældre)|(?:fler|more|flere|fleire|older|äldre|eldre|ældre|lisää)\s+(?:inlägg|posts?|innlegg|opslag|julkaisu\p{L}*|nyheter|tweets?|videor|videos|toots?)|^(?:visa fler|ladda fler|visa mer|load more|show more|fler|more|vis flere|vis fleire|vis meir|vis mere|näytä lisää|lataa lisää|čájet eanet)$)/iu;
  // onward are names that only what stands after the posts may have.
  const things = '(?:\\s(?:inlägg|posts?|nyheter|händelser|meddelanden|poster|artiklar|uppdateringar|notiser|sidor|entries|innlegg|opslag|julkaisu\\p{L}*))';
  const verb = '(?:visa|hämta|ladda(?:\\sin)?|läs(?:\\sin)?|se|bläddra|gå|show|load|get|see|vis|hent|last inn)', earlier = '(?:tidigare|äldre|earlier|older|previous|eldre|ældre|tidligere)';
  const onward = new RegExp('^[+\\s]*(?:(?:' + verb + '\\s+)?(?:(?:ytterligare|fler|mer|mera|alla|resten|vidare|more|all|rest|flere|fleire|mere|meir|alle)(?:\\s\\d+)?' + things + '?|(?:nästa|next|neste|næste)\\s\\d+' + things + '?|\\d+\\s(?:till|fler|more|flere|mere)' + things + '?|' + earlier + '(?:\\s\\d+' + things + '?|' + things + ')|(?:fortsätt|ladda in|continue|fortsett|fortsæt|keep reading|längre (?:bak|ner).{0,20}))|' + verb + '\\s+' + earlier + ')' +
    '(?:\\s*\\((?:av\\s|of\\s)?\\d+(?:\\s(?:av|of)\\s\\d+)?\\))?[\\s.…▾▼⌄↓+›»>]*$', 'iu');
  // the same where the verb comes last, or the things
  const moreAbroad = /^(?:(?:mehr|weitere|ältere|frühere) (?:beiträge|einträge|posts?|meldungen|artikel|nachrichten|neuigkeiten|ergebnisse)(?: (?:laden|anzeigen|ansehen))?|(?:voir|afficher|charger) (?:plus|davantage) de (?:publications|posts|résultats|contenus)|(?:ver|cargar|mostrar|carregar) (?:más|mais) (?:publicaciones|publicações|entradas|posts|resultados)|(?:meer|oudere) (?:berichten|posts|resultaten)(?: (?:laden|tonen|weergeven))?|(?:więcej|starsze) (?:postów|posty|wpisów|wpisy))[\s….▾▼⌄↓+›»>]*$/iu;
  const olderAlone = /^[\s«‹←+]*(?:äldre|tidigare|fler|mer|older|earlier|previous|more|eldre|ældre|tidligere|flere|mere|vanhemmat|lisää)[\s›»→▾▼↓….]*$/i;
  const failed = /(?:något gick (?:fel|snett)|kunde inte (?:läsa in|hämta|ladda)|gick inte att (?:läsa in|hämta|ladda)|something went wrong|(?:failed|unable) to load|couldn.t load|could not (?:be )?load|för många (?:förfrågningar|anrop|försök)|too many requests|rate limit|(?:försök|try) (?:igen|again) (?:senare|om|later|in)|prøv igjen senere|prøv igen senere|yritä myöhemmin|noe gikk galt|noget gik galt|jokin meni (?:pieleen|vikaan))/i;
  const ended = /(inga fler|inget mer|slut på|du har sett allt|du är ikapp|allt är visat|no more|end of (?:the )?(?:feed|results|list)|you(?:'|’)?(?:ve| have) (?:seen|reached)|all caught up|nothing more|ingen flere|ikke flere|ei enempää|ei muita|det var allt|första inlägget)/i;

  // below tells whether an element comes after the last post, or lies in another tree.
  A.below = (items) => { const last = items[items.length - 1]; return (el) => !last || last.getRootNode() !== el.getRootNode() || !!(last.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING); };
  // moreButtons lists what gives more posts when it is pressed, after the last post: buttons by their role, and what only looks like one.
  const moreButtons = (items) => {
    const after = A.below(items), posts = new Set(items);
    const named = (b) => more.test(A.label(b)) || moreAbroad.test(A.label(b)) || A.worldMore.test(A.label(b)) && !dead(b) && after(b) || A.again.test(A.label(b)) || A.hinted('more', b) || onward.test(A.label(b)) && !dead(b) && !b.closest(aside) && (after(b) || closes(b, items)) || iconic(b, items);
    const buttons = A.all((A.rules.more ? A.rules.more + ',' : '') + 'button,input[type=button],[role=button],a[href="#"],a:not([href]),a[href^="javascript:"],[tabindex="0"],[onclick]').filter((b) => b.textContent.length < (b.matches('button,[role=button],a') || A.hinted('more', b) ? 200 : 60) && named(b));
    for (const e of A.all('span,div,p')) {
      if (e.childElementCount || e.textContent.length > 60 || e.textContent.length < 3 || !more.test(A.clean(e.textContent)) && !(olderAlone.test(A.clean(e.textContent)) && closes(e, items)) || buttons.some((b) => b.contains(e))) continue;
      if (A.css(e).cursor === 'pointer' && !e.closest('a[href]')) buttons.push(e);
    }
    const first = items[0], among = (b) => first && b.getRootNode() === first.getRootNode() && !!(first.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) && !b.closest(aside) && !spent(b, items.length);
    if (!buttons.length) buttons.push(...strangers(items));
    return [after, among].flatMap((where) => buttons.filter((b) => where(b) && (where === after || !after(b)) && !A.amidst(b, posts) && A.pressable(b)));
  };
  // latest presses what puts posts above the others that were published since the page was opened, and gives what it is called.
  const since = /^[↑⌃\s]*(?:(?:visa|se|läs in|ladda|show|see|load|view|vis|näytä)\s+)?(?:\d+\+?\s+)?(?:nya|nye|new|uutta|uudet|uusia)\s+(?:inlägg|posts?|tweets?|toots?|innlegg|opslag|julkaisu\p{L}*|nyheter|uppdateringar|poster)(?:\s*\(?\d+\)?)?$/iu;
  A.latest = () => {
    const posts = new Set(A.find()), b = A.all('button,[role=button],a[href="#"],a:not([href]),[tabindex="0"],[onclick]').find((e) => e.textContent.length < 60 && since.test(A.label(e)) && A.pressable(e) && !A.amidst(e, posts));
    if (!b) return '';
    const name = A.label(b);
    b.click();
    return name;
  };
  // A list among others may have a button of its own. Who presses it sees whether it gives posts: it says nothing of the feed's end.
  const aside = 'nav,aside,footer,form,[role=navigation],[role=complementary],[role=contentinfo],[role=dialog],dialog';
  const presses = new WeakMap();
  // closes tells whether a button stands right behind a list of posts.
  const closes = (b, items) => {
    for (let e = b, n = 0; e && n < 3; e = e.parentElement, n++) { const p = e.previousElementSibling; if (p) return items.some((i) => p.contains(i)); }
    return false;
  };
  // iconic tells a button that shows nothing but a sign and stands right behind the posts.
  const iconic = (b, items) => b.matches('button,[role=button]') && !A.label(b) && !!b.querySelector('svg,img,i,span') && !dead(b) && !b.closest(aside) && !/fixed|sticky/.test(A.css(b).position) && A.below(items)(b) && closes(b, items);
  // Of a vague name it is not known that it means posts: one press that gives none is enough.
  const dead = (b) => { const p = presses.get(b); return !!p && p.posts >= all.length && performance.now() - p.at > 6000; };
  const spent = (b, posts) => { const p = presses.get(b); return !!p && p.posts === posts && performance.now() - p.at > 3000; };
  // strangers are buttons in words that are not known, of which one stands alone right behind the posts: whether it gives more of them is seen when it is pressed.
  const strangers = (items) => {
    const after = A.below(items), near = items.length < 3 ? [] : A.all('button,[role=button]').filter((b) => after(b) && A.shown(b) && !b.closest(aside) && closes(b, items));
    return near.length === 1 && !near[0].parentElement.querySelector(':scope > button ~ button,:scope > a[href] ~ button,:scope > button ~ a[href]') && !/föregående|tillbaka|nyare|senare|previous|back|newer|forrige|tilbake|tilbage|nyere|edellinen|takaisin|uudem|upp|topp?en|top|ylös/i.test(A.label(near[0])) && /^\P{Lu}*\p{L}[^.?!]{2,38}$/u.test(A.label(near[0])) && !dead(near[0]) && !A.unwanted(near[0]) && !/fixed|sticky/.test(A.css(near[0]).position) && near[0].getAttribute('aria-haspopup') === null && near[0].getAttribute('aria-expanded') === null ? near : [];
  };
  // outlook tells what the page says about what follows: a button for more, a next page, a spinner, an end.
  A.outlook = () => {
    const items = A.find();
    const last = items[items.length - 1], after = A.below(items);
    const buttons = moreButtons(items);
    const next = A.next(items);
    let busy = A.all(A.spinners).some((e) => A.visible(e) && A.spins(e) && e.getBoundingClientRect().height > 3 && !e.querySelector('article,[role=article],img') && e !== document.body && e !== document.documentElement && (after(e) || e.contains(last)) && !(e.getAttribute('role') === 'feed' && e.getAttribute('aria-busy') !== 'true') && A.clean(e.innerText).length < 200);
    busy = busy || wheels(after);
    let said = false, broke = false, login = '';
    const tail = document.createTreeWalker(document.body || document, NodeFilter.SHOW_TEXT);
    if (last && last.getRootNode() === document) tail.currentNode = last;
    for (let n = tail.nextNode(), k = 0; n && k < 3000; n = tail.nextNode(), k++) {
      if (last && last.contains(n)) continue;
      const by = n.parentElement, seen = () => by && A.visible(by) && by.getClientRects().length;
      if (n.data.length < 40 && A.loading.test(n.data.trim()) && seen()) busy = true;
      if (!login && n.data.length < 160 && A.asksLogin(n.data) && seen()) login = A.asksBelow(by);
      if (n.data.length < 120 && failed.test(n.data) && seen()) broke = true;
      if (n.data.length < 120 && ended.test(n.data) && by && A.visible(by)) { said = true; break; }
    }
    if (!login) login = A.asksAmong(items);
    const size = last ? +(last.getAttribute('aria-setsize') || -1) : -1, pos = last ? +(last.getAttribute('aria-posinset') || -2) : -2;
    if (size > 0 && pos >= size) said = true;
    const left = A.all('form button,form input[type=submit]').find((b) => !buttons.includes(b) && after(b) && A.visible(b) && b.form && b.form.method === 'post' && !b.closest(aside.replace(',form', '')) && (more.test(A.label(b)) || onward.test(A.label(b))) && !A.amidst(b, new Set(items)));
    // How many to show at a time is chosen among 10, 25, 50; pages and years follow each other.
    const follow = (s) => Array.from(s.options, (o) => +(/\d+/.exec(o.text) || ['0'])[0]).every((n, i, all) => !i || Math.abs(n - all[i - 1]) === 1);
    const pages = A.all('select').find((s) => A.visible(s) && s.options.length > 1 && !A.amidst(s, new Set(items)) && s.selectedIndex + 1 < s.options.length && follow(s) && Array.from(s.options).every((o) => /^(?:sida|page|side|sivu)?\s*\d+(?:\s(?:av|of|\/)\s\d+)?$/i.test(A.clean(o.text))));
    return { left: left ? A.label(left) : pages ? A.clean(pages.options[pages.selectedIndex + 1].text) : '', archive: A.archive(items), more: buttons.length ? A.label(buttons[0]) || 'knapp utan namn' : '', next: next.url, turn: next.turn, here: location.href, busy, said, broke, login, total: items.length };
  };
  // gapIn finds a button for more that stands between two posts: what belongs there was left out.
  const gapsTried = new WeakSet();
  const gapIn = (items) => {
    const set = new Set(items), last = items[items.length - 1];
    return items.length < 3 ? null : A.all('button,[role=button]').find((b) => !gapsTried.has(b) && b.textContent.length < 60 && (more.test(A.label(b)) || onward.test(A.label(b)) || /(?:^|[\s_-])(?:gap|load-?more)(?:$|[\s_-])/i.test(b.getAttribute('class') || '')) && (items[0].compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) && (b.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) &&
      !A.amidst(b, set) && A.visible(b) && A.pressable(b) && !A.unwanted(b) && besides(b, set));
  };
  // besides says that a button, or what holds it alone, has posts of the same list on both sides.
  const besides = (b, set) => {
    const post = (e) => e && (set.has(e) || Array.from(e.children).some((k) => set.has(k)));
    for (let e = b, n = 0; e && n < 4; e = e.parentElement, n++) if (post(e.previousElementSibling) && post(e.nextElementSibling)) return true;
    return false;
  };
  // pressGap presses such a button and waits until it has given way to posts: {label, filled}; null where there is none.
  A.pressGap = async (limit) => {
    const items = A.find(), b = gapIn(items);
    if (!b) return null;
    gapsTried.add(b);
    const label = A.label(b) || 'knapp utan namn';
    b.scrollIntoView({ block: 'center', behavior: 'instant' });
    A.press(b);
    for (const end = performance.now() + limit; performance.now() < end;) {
      await new Promise((r) => setTimeout(r, 40));
      const now = A.find();
      if (now.length > items.length || now.some((e) => !items.includes(e))) return { label, filled: true };
    }
    return { label, filled: !b.isConnected };
  };
  // wheels tells whether something small and wordless turns without end below the posts.
  const wheels = (after) => document.getAnimations().some((a) => {
    const e = a.effect && a.effect.target, s = a.playState === 'running' && a.effect.getComputedTiming().iterations === Infinity;
    if (!s || !e || !after(e) || !A.visible(e) || A.clean(e.textContent)) return false;
    const r = e.getBoundingClientRect();
    return r.width > 8 && r.width < 120 && r.height > 3 && r.height < 120 && !/fixed|sticky/.test(A.css(e).position);
  });
  // pressAgain asks once more for the posts of a page that shows none, and says that they did not come; '' where it does not offer that.
  A.pressAgain = () => {
    const b = A.find().length ? null : A.all('button,[role=button],a').find((x) => A.again.test(A.label(x)) && A.pressable(x) && !x.closest('[role=dialog],dialog,form'));
    if (!b) return '';
    const name = A.label(b);
    b.click();
    return name;
  };
  A.pressMore = () => {
    const items = A.find(), [b] = moreButtons(items);
    if (!b) return '';
    presses.set(b, { posts: items.length, at: performance.now() });
    b.scrollIntoView({ block: 'center', behavior: 'instant' });
    b.click();
    return A.label(b) || 'knapp utan namn';
  };
  // nudge tells the page that somebody scrolls, where the window is too tall for that to happen by itself.
  A.nudge = () => {
    const targets = [document, window];
    if (box) targets.push(box);
    const y = boxScroll();
    A.scrollFeed(Math.max(0, y - 300));
    A.scrollFeed(y + 100000);
    for (const x of targets) { x.dispatchEvent(new Event('scroll', { bubbles: true })); }
    (box || document.documentElement).dispatchEvent(new WheelEvent('wheel', { deltaY: 400, bubbles: true }));
    return A.where();
  };
  // claim is how many posts the account itself says it has.
  A.claim = () => {
    const re = /(\d[\d\s\u00a0.,]*)\s*(?:k\b|tn\b)?\s*(inlägg|posts?|tweets?|innlegg|opslag|julkaisua|videor|videos|toots?|beiträge|publications|publicaciones|publicações|berichten)(?!\p{L})/iu;
    const items = A.find();
    const w = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT, (e) => (items.includes(e) || /^(script|style|noscript)$/.test(e.localName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    for (let e = w.nextNode(), k = 0; e && k < 4000; e = w.nextNode(), k++) {
      const t = e.textContent;
      if (t.length > 60 || !A.visible(e)) continue;
      const m = re.exec(A.clean(t));
      if (m && !/\d\s*(k|tn|mn)\b/i.test(m[0])) { const n = +m[1].replace(/[\s\u00a0.,]/g, ''); if (n > 0 && n < 1e7) return n; }
    }
    return null;
  };
  // owner gives the names under which the page presents itself, to tell own posts from received ones.
  const section = /^(?:(?:alla|all|alle|våra|our|kommunens) )?(?:aktuellt|nyheter(?:na)?|nyhets?(?:arkiv|lista|flöde)?|senaste (?:nytt|nyheterna?|inläggen)|press(?:rum|meddelanden)?|nyhetsrum|start(?:sida|sidan)?|hem|inlägg|flöde|blogg(?:en)?|arkiv|anslagstavlan?|kungörelser|kalendern?|evenemang|notiser|händelser|news|latest(?: news)?|newsroom|press(?: room| releases)?|home|posts|timeline|feed|blog|archive|updates|aktuelt|nyheder|siste nytt|ajankohtaista|uutiset|tiedotteet|aktuelles|neuigkeiten|nachrichten|pressemitteilungen)$/i;
  A.owner = () => {
    const out = [];
    const add = (s) => { s = A.clean(s); if (s && s.length < 120 && !out.includes(s)) out.push(s); };
    const items = A.find();
    for (const h of A.all('h1')) if (A.visible(h) && !items.some((i) => A.inside(h, i))) add(h.innerText);
    const og = (document.querySelector('meta[property="og:title"]') || {}).content;
    add(og); add(document.title);
    const site = (document.querySelector('meta[property="og:site_name"]') || {}).content;
    add(site);
    // A heading may say what is listed, and the title whose list it is: "Nyheter - Älvsunda kommun".
    const parts = document.title.split(/\s+[-–—|•·:»]\s+/).map(A.clean).filter(Boolean);
    const listed = (t) => section.test(t) || /^\S+$/.test(t) && section.test(t.replace(/arkiv$|archive$/i, ''));
    if (parts.length > 1) for (const t of parts) if (!listed(t) && (parts.length === 2 || out.includes(t)) && listed(parts.find((x) => x !== t) || '')) out.unshift(t);
    const handle = (document.querySelector('meta[property="profile:username"]') || {}).content;
    add(handle);
    // What other places on the page also call it comes first: a heading may be a motto.
    const feeds = A.all('link[rel~=alternate][type*="rss"],link[rel~=alternate][type*="atom"]').map((l) => l.title.toLowerCase()).filter(Boolean);
    const best = out.find((n) => out.some((o) => o !== n && o.toLowerCase().includes(n.toLowerCase()))) || out.find((n) => feeds.some((t) => t.includes(n.toLowerCase())));
    if (best) out.unshift(...out.splice(out.indexOf(best), 1));
    const whose = out.filter((t) => !listed(t));
    if (whose.length) out.splice(0, out.length, ...new Set([...whose, ...out]));
    for (const h of A.all('header h2,main h2,[role=main] h2')) if (out.length < 12 && A.visible(h) && !items.some((i) => A.inside(h, i))) add(h.innerText);
    return out;
  };
})();
