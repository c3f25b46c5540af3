// Feeds that are cut into pages: the link or the button that leads to the next, older one. What the page marks comes first, then the numbers of
// pages, then words and arrows.
(() => {
  'use strict';
  const A = arsring;

  const older = /(äldre|older|nästa|next|eldre|ældre|neste|næste|vanhem|seuraava|ältere|nächste|tidigare inlägg|^(?:framåt|weiter|vidare|fram|videre|eteenpäin|forward)[\s›»→>]*$)/i;
  const newer = /(?:nyare|senare inlägg|newer|later posts|more recent|nyere|uudem|neuere|nieuwere|plus récent)/i;
  // What leads back to the page before leads to older posts only where nothing else leads on.
  const previous = /föregående sida/i;
  // A button that is not a link must say it more clearly: pages have buttons that lead on to much else.
  const turns = /^(?:(?:visa|se|gå till|show|see|go to|vis|näytä)\s+)?(?:nästa|next|neste|næste|seuraava\p{L}*|nächste|äldre|older|eldre|ældre|ältere|vanhem\p{L}*)(?:\s+(?:sida\p{L}*|page|side|sivu\p{L}*|inlägg|posts?|entries|innlegg|opslag|julkaisu\p{L}*))?[\s›»→>❯]*$/iu;
  const arrow = /^[\s]*(?:[›»→>❯⟩▸▶]+|chevron_right|arrow_forward|navigate_next|keyboard_arrow_right)[\s]*$/;
  const nextClass = /(?:^|[\s_-])(?:next|nasta|older|aldre)(?:$|[\s_-])/i;
  const number = /^(?:.{0,12}(?:sida|page|side|sivu|seite)\s*)?(\d{1,4})$/i;
  // A link that shows more of the same page is one, too.
  const moreOf = /^(?:visa|se|ladda|läs in|hämta|show|see|load|view|vis|last inn|hent|indlæs|näytä|lataa)\s+(?:fler|flere|fleire|more|lisää|äldre|older|eldre|ældre)(?:\s+\p{L}+)?[\s›»→>…]*$/iu;
  const controls = 'a[href],button,input[type=button],[role=button],[role=link],[tabindex="0"],[onclick]';
  const notPager = 'table,[role=grid],[role=dialog],[class*=calendar i],[class*=datepicker i],[class*=carousel i],[class*=slider i],[class*=swiper i],[class*=slick i],[class*=gallery i],[class*=rating i]';

  // unlike tells what stands in something that is no pager. A table of a few numbers and arrows is one.
  const unlike = (el) => { const t = el.closest(notPager); return !!t && !(t.localName === 'table' && t.textContent.length < 120 && /^[\s\d.…<>«»‹›|]*(?:(?:nästa|föregående|första|sista|next|previous|first|last)[\s\d.…<>«»‹›|]*)*$/i.test(t.textContent)); };
  const current = (el) => {
    const mark = (e) => e.getAttribute('aria-current') && e.getAttribute('aria-current') !== 'false' || e.getAttribute('aria-selected') === 'true' || /(?:^|[\s_-])(?:current|active|selected|aktiv|nuvarande)(?:$|[\s_-])/i.test(e.getAttribute('class') || '');
    return mark(el) || el.parentElement && el.parentElement.matches('li,span') && mark(el.parentElement) || false;
  };
  const off = (el) => el.disabled || el.getAttribute('aria-disabled') === 'true' || [el, el.parentElement].some((e) => e && /(?:^|[\s_-])(?:disabled|inactive)(?:$|[\s_-])/i.test(e.getAttribute('class') || ''));
  const numberOf = (el) => { const m = number.exec(A.clean(el.innerText || '')) || number.exec(A.clean(el.getAttribute('aria-label') || '')); return m ? +m[1] : 0; };

  // boxOf is what holds a number together with the others: their list, else the first that holds more than the number.
  const boxOf = (el) => {
    const list = el.closest('nav,[role=navigation],ul,ol');
    if (list) return list;
    let box = el.parentElement;
    for (let n = 0; n < 3 && box.parentElement && A.clean(box.textContent) === A.clean(el.textContent); n++) box = box.parentElement;
    return box;
  };
  // numbered finds the pager that counts its pages, and in it what leads to the page after the current one. told says that there is such a pager.
  const numbered = (outsidePosts) => {
    const boxes = new Map();
    for (const el of A.all('a,button,[role=button],span,b,strong,em,li').filter((e) => !e.firstElementChild || e.matches('a,button'))) {
      if (!/\d/.test(el.textContent) || el.textContent.length > 24 || unlike(el) || !outsidePosts(el) || !A.visible(el)) continue;
      const n = numberOf(el);
      if (!n) continue;
      const box = boxOf(el);
      if (!boxes.has(box)) boxes.set(box, []);
      boxes.get(box).push({ el, n });
    }
    for (const all of boxes.values()) {
      const links = all.filter((x) => x.el.matches(controls));
      if (all.every((x) => x.n >= 1900 && x.n < 2100)) continue; // years
      if (links.length < 1 || new Set(all.map((x) => x.n)).size < 2 || links.length > 40) continue;
      const now = all.find((x) => current(x.el)) || all.find((x) => !x.el.matches(controls) || off(x.el));
      if (!now) continue;
      const next = links.find((x) => x.n === now.n + 1 && !off(x.el));
      if (next || links.some((x) => x.n === now.n - 1)) return { told: true, el: next ? next.el : null };
    }
    return { told: false, el: null };
  };

  const page = (a) => a && a.localName === 'a' && /^https?:/i.test(a.href) && a.host === location.host && a.href.split('#')[0] !== location.href.split('#')[0];
  const short = (el) => A.clean(el.innerText).length < 40;

  // stepped finds the link to the next page by its address, wherever it stands and whatever it is called: that of this page, but for one number that
  // is larger, in a parameter that counts pages or posts.
  const counting = /^(?:page|pages|p|pg|pn|pageno|pageindex|pagenumber|paged|sida|side|seite|sivu|start|startat|offset|from|skip|first|cursor)$/i;
  const backwards = /(?:nyare|newer|nyere|uude|neuere|föregående|forrige|prev|zurück|tillbaka|bakåt|tilbake|tilbage|back|först|sista|first|last)/i;
  const step = (a) => {
    const here = new URL(location.href), to = new URL(a.href);
    if (to.pathname.replace(/\/$/, '') !== here.pathname.replace(/\/$/, '')) return 0;
    let key = '';
    for (const k of new Set([...here.searchParams.keys(), ...to.searchParams.keys()])) {
      if (here.searchParams.get(k) === to.searchParams.get(k)) continue;
      if (key || !counting.test(k)) return 0;
      key = k;
    }
    const was = here.searchParams.get(key), is = to.searchParams.get(key);
    if (!key || !/^\d{1,6}$/.test(is || '') || was !== null && !/^\d{1,6}$/.test(was)) return 0;
    return Math.max(0, +is - (was === null ? 0 : +was));
  };
  const stepped = (links) => {
    let best = null;
    for (const a of links) {
      const label = A.label(a);
      if (label.length > 24 || backwards.test(label)) continue;
      const by = step(a), least = best ? step(best) : Infinity;
      if (by > 0 && by < least) best = a;
    }
    return best;
  };
  // asked is the page that a form asks for which has nothing to fill in: it is a link by another name.
  const asked = (after, outsidePosts) => {
    for (const f of A.all('form')) {
      if ((f.getAttribute('method') || 'get').toLowerCase() !== 'get' || !after(f) || !outsidePosts(f) || !A.visible(f) || f.querySelector('select,textarea,input:not([type=hidden]):not([type=submit])')) continue;
      const buttons = f.querySelectorAll('button,input[type=submit]');
      if (buttons.length !== 1 || off(buttons[0]) || !(turns.test(A.label(buttons[0])) || moreOf.test(A.label(buttons[0])))) continue;
      const to = new URL(f.getAttribute('action') || location.href, location.href);
      to.search = new URLSearchParams(Array.from(f.querySelectorAll('input[type=hidden][name]'), (i) => [i.name, i.value])).toString();
      const a = document.createElement('a');
      a.href = to.href;
      return a;
    }
    return null;
  };
  // pager finds what leads to the next page of a feed: a link with an address of its own, else something to press.
  const pager = (items) => {
    const after = A.below(items), posts = new Set(items);
    const outsidePosts = (el) => !A.amidst(el, posts);
    // The next in a row may be the newer one: then the words say so, and the one before it is the older.
    const rel = (r) => A.all('a[rel~=' + r + ']').find((a) => A.visible(a)) || document.querySelector('link[rel~=' + r + ']');
    const on = rel('next'), back = rel('prev');
    if (back && back.href && older.test(A.label(back)) && !/(?:nästa|next)/i.test(A.label(back))) return back;
    const marked = document.querySelector('link[rel~=next]') || on;
    if (marked && marked.href && !(on && newer.test(A.label(on)))) return marked;
    const count = numbered(outsidePosts);
    if (count.told) return count.el && (page(count.el) || A.pressable(count.el)) ? count.el : null;
    const all = A.all(controls).filter((el) => short(el) && !el.closest('[role=dialog]') && outsidePosts(el) && A.visible(el) && !off(el));
    const free = all.filter(after), links = free.filter(page), before = all.filter((el) => page(el) && !unlike(el));
    const buttons = free.filter((el) => !page(el) && !unlike(el) && A.pressable(el));
    const sign = (el) => arrow.test(A.clean(el.innerText)) || nextClass.test(el.getAttribute('class') || '') && !unlike(el);
    const same = (a) => { const at = a.pathname.replace(/\/$/, ''), here = location.pathname.replace(/\/$/, ''); return at === here || at.startsWith(here) && /^\/(?:page|sida|side|p)\/?\d+$/i.test(at.slice(here.length)); };
    return links.find((a) => older.test(A.label(a))) || links.find(sign) || links.find((a) => moreOf.test(A.label(a)) && same(a)) || asked(after, outsidePosts) || stepped(before) || buttons.find((b) => turns.test(A.label(b))) || buttons.find(sign) || links.find((a) => previous.test(A.label(a))) || null;
  };
  // archive lists the years and months that a page keeps its older posts under: [{url, year, month, label}]; url is '' for what is pressed or chosen.
  const months = ['jan', 'feb', 'mar', 'apr', 'maj|may|mai', 'jun', 'jul', 'aug', 'sep', 'okt|oct', 'nov', 'dec|des'].map((m) => new RegExp('^(?:' + m + ')', 'i'));
  const span = /^(?:(\p{L}{3,9})\.?\s+)?((?:19|20)\d\d)(?:\s*\(\d+\))?$/u;
  A.archive = (items) => {
    const posts = new Set(items), here = location.pathname.replace(/[^/]*$/, ''), out = [];
    for (const el of A.all('a[href],button,[role=tab],option')) {
      if (el.textContent.length > 40) continue;
      const label = A.clean(el.textContent), m = span.exec(label);
      if (!m || A.amidst(el, posts) || !A.visible(el.localName === 'option' ? el.parentElement : el) || el.closest('[role=dialog],[class*=calendar i],[class*=datepicker i],form')) continue;
      const month = m[1] ? months.findIndex((r) => r.test(m[1])) + 1 : 0;
      if (m[1] && !month || used.has(label)) continue;
      if (el.localName === 'a' && (!page(el) || !el.pathname.startsWith(here)) || el.selected || el.getAttribute('aria-selected') === 'true' || current(el)) continue;
      out.push({ url: el.localName === 'a' ? el.href : '', year: +m[2], month, label });
    }
    return out.length <= 400 ? out : [];
  };
  // Lists that a page keeps behind tabs, buttons or in a choice, one at a time: of other years and months, or of other kinds of posts.
  const kinds = /^(?:(?:alla|all|alle|kaikki)\s+)?(?:inlägg|frågor(?: (?:och|&) svar)?|recensioner|omdömen|nyheter|aktuellt|meddelanden|uppdateringar|pressmeddelanden|driftinformation|driftstörningar|synpunkter|posts?|questions?|q&a|reviews?|news|updates|announcements|innlegg|spørsmål|anmeldelser|omtaler|opslag|spørgsmål|nyheder|julkaisut|kysymykset|arvostelut|uutiset|beiträge|fragen|bewertungen|neuigkeiten)(?:\s*\(?\d+\)?)?$/i;
  const overview = /^(?:översikt|overview|oversikt|oversigt|yleiskatsaus|start|hem|home|hjem|etusivu)$/i; // a choice of what the others hold
  const used = new Set();
  const kept = (el) => span.test(A.clean(el.textContent)) && A.clean(el.textContent).length < 30 || kinds.test(A.clean(el.textContent));
  // plainTabs are tabs above the posts that are marked up as nothing. The one that is on looks otherwise than the rest.
  const plainTabs = (items, free) => {
    const rows = new Map();
    for (const e of items.length ? A.all('div,span,li,button:not([role]),a:not([href])') : []) {
      if (e.childElementCount > 1 || e.textContent.length > 30 || !(kinds.test(A.clean(e.textContent)) || answered.test(A.clean(e.textContent))) || A.css(e).cursor !== 'pointer' && e.localName !== 'button' || !free(e) || e.closest('form,[role=tablist]')) continue;
      if (!(e.compareDocumentPosition(items[0]) & Node.DOCUMENT_POSITION_FOLLOWING) || e.contains(items[0]) || (rows.get(e.parentElement) || []).some((o) => o.contains(e))) continue;
      rows.set(e.parentElement, [...(rows.get(e.parentElement) || []), e]);
    }
    for (const [row, tabs] of rows) {
      if (tabs.length < 2 || tabs.some((t) => !kept(t) && !answered.test(A.clean(t.textContent)))) continue;
      const look = (t) => { const s = A.css(t); return [s.color, s.fontWeight, s.borderBottomColor, s.borderBottomWidth, s.backgroundColor, t.getAttribute('class')].join('|'); }, all = Array.from(row.children).map(look);
      const odd = tabs.find((t) => all.filter((x) => x === look(t)).length === 1) || tabs[0];
      return tabs.map((t) => ({ el: t, label: A.clean(t.textContent), on: tabs.some(current) ? current(t) : t === odd }));
    }
    return [];
  };
  const answered = /^(?:(?:inlägg|posts?|tweets?|innlegg|opslag|julkaisut) (?:och|&|and|og|ja) )?(?:svar|replies|vastaukset)(?:\s*\(?\d+\)?)?$/i;
  const views = (items) => {
    const posts = new Set(items), out = [], free = (el) => !A.amidst(el, posts) && A.visible(el) && !el.closest('[role=dialog],nav,footer,[class*=calendar i]');
    for (const list of A.all('[role=tablist]')) {
      const tabs = Array.from(list.querySelectorAll('[role=tab]'));
      if (!free(list) || tabs.length < 2 || !tabs.some((t) => t.getAttribute('aria-selected') === 'true' && (kept(t) || overview.test(A.clean(t.textContent))))) continue;
      for (const t of tabs) if (kept(t) && t.localName !== 'a') out.push({ el: t, label: A.clean(t.textContent), on: t.getAttribute('aria-selected') === 'true' });
    }
    for (const s of A.all('select')) {
      const all = Array.from(s.options);
      if (!free(s) || s.closest('form') && A.sends(s) || all.filter((o) => span.test(A.clean(o.text))).length < 2 || all.some((o) => o.selected && !span.test(A.clean(o.text)))) continue;
      for (const o of all) if (span.test(A.clean(o.text))) out.push({ el: s, option: o, label: A.clean(o.text), on: o.selected });
    }
    out.push(...plainTabs(items, free));
    const buttons = A.all('button:not([role=tab])').filter((b) => span.test(A.clean(b.textContent)) && free(b) && !b.closest('form') && !b.hasAttribute('aria-expanded'));
    for (const b of buttons) if (buttons.some((o) => o !== b && o.parentElement === b.parentElement && current(o) !== current(b) || o !== b && current(o))) out.push({ el: b, label: A.clean(b.textContent), on: current(b) || b.getAttribute('aria-pressed') === 'true' });
    return out;
  };
  // nextView shows the next of these lists that was not shown and is not all before the given month (year * 12 + month), and gives its name; with look
  // true it only tells the name.
  A.nextView = (from, look) => {
    const all = views(A.find());
    for (const v of all) if (v.on) used.add(v.label);
    for (const v of all) {
      const m = span.exec(v.label);
      if (used.has(v.label) || m && from && (m[1] ? +m[2] * 12 + months.findIndex((r) => r.test(m[1])) : +m[2] * 12 + 11) < from || !v.option && (A.unwanted(v.el) && !answered.test(v.label) || v.el.disabled)) continue;
      if (look) return v.label;
      used.add(v.label);
      if (v.option) { v.el.value = v.option.value; v.el.dispatchEvent(new Event('input', { bubbles: true })); v.el.dispatchEvent(new Event('change', { bubbles: true })); } else v.el.click();
      return v.label;
    }
    return '';
  };
  const above = /(?:äldre|tidigare|föregående|older|earlier|previous|eldre|ældre|tidligere|aiemm|vanhem)/i;
  // pressAbove presses what brings older posts in above the first one, and gives what it is called.
  A.pressAbove = () => {
    const items = A.find(), first = items[0];
    if (!first) return '';
    const b = A.all('button,[role=button],a[href="#"],a:not([href]),[onclick]').find((el) => short(el) && above.test(A.label(el)) && (el.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) && !el.contains(first) && !unlike(el) && !el.closest('nav,[class*=pag i]') && A.pressable(el) && !A.unwanted(el));
    if (!b) return '';
    const name = A.label(b);
    b.click();
    return name;
  };
  // next tells how the feed's next page is reached: {url} for a page of its own, {turn} for something that is pressed, neither where there is none.
  A.next = (items) => {
    const el = pager(items);
    if (!el) return { url: '', turn: '' };
    if (el.localName === 'link' || page(el)) return { url: new URL(el.href, location.href).host === location.host ? el.href : '', turn: '' };
    return { url: '', turn: A.label(el) || 'nästa sida' };
  };
  // turnPage presses what leads to the next page, and gives what it is called.
  A.turnPage = () => {
    const el = pager(A.find());
    if (!el || el.localName === 'link' || page(el)) return '';
    const name = A.label(el) || 'nästa sida';
    el.click();
    return name;
  };
})();
