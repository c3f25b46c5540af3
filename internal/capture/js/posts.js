// Finding posts on any page: by the platform's own selectors when they are given, by roles and formats that mean "post", or by shape -
// things that stand in a row, are alike, and carry a time each.
(() => {
  'use strict';
  const A = arsring;
  A.rules = {}; // selectors of the platform file, see hints.js

  const semantic = '[role="article"],article,.h-entry,[itemtype*="SocialMediaPosting"],[itemtype*="BlogPosting"],[itemtype*="DiscussionForumPosting"]';
  const beside = 'nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary]', dialog = '[role=dialog],[aria-modal=true]';
  const anywhere = beside + ',' + dialog;
  let outside = anywhere; // where no posts are looked for
  // suggested tells what stands in a section whose heading offers things of others.
  const suggests = /^(?:du kanske (?:också )?(?:gillar|är intresserad)|relaterade? |liknande (?:inlägg|konton|sidor)|föreslagna |förslag på |rekommendera(?:t|de) |andra (?:konton|sidor)|you (?:may|might) (?:also )?like|related (?:posts|pages|accounts)|suggested |people also|lignende |foreslått|foreslåede |anbefal|ehdotet|suositel|samankaltai)/i;
  let offers = [], offered = -1;
  const suggested = (m) => {
    A.treesNow();
    const n = A.elementCount();
    if (n !== offered) { offered = n; offers = A.all('h2,h3,h4,h5,[role=heading]').filter((h) => h.textContent.length < 60 && suggests.test(A.clean(h.textContent)) && !h.previousElementSibling).map((h) => h.parentElement).filter((o) => o && !o.matches('body,main,[role=main]') && !o.querySelector('h1')); }
    return offers.some((o) => o.contains(m));
  };
  // A footer is the page's where the page has one or two; where there are many they are the posts', but for those in articles, which are told by their own marks.
  const isOutside = (m) => { if (suggested(m)) return true; const o = m.closest(outside); return !!o && !(o.localName === 'footer' && !o.closest('article,[role=article],.comment,[id^=comment-]') && !(o.parentElement || {}).closest?.(outside) && A.all('footer').length > 3); };
  let least = 24; // px that a post is high at least
  const big = (r) => r.width > 120 && r.height > least;
  const parentOf = (el) => A.parent(el) || (el.ownerDocument !== document && el.ownerDocument.defaultView.frameElement) || null;
  // amidst says whether an element is one of a set or stands inside of one: a climb, however many there are.
  A.amidst = (el, set) => { for (let e = el; e; e = parentOf(e)) if (set.has(e)) return true; return false; };
  A.inside = (el, box) => { for (let e = el; e; e = parentOf(e)) if (e === box) return true; return false; };

  const outermost = (els) => {
    const set = new Set(els);
    return els.filter((el) => { for (let p = parentOf(el); p; p = parentOf(p)) if (set.has(p)) return false; return true; });
  };
  // column groups elements that are equally wide, in one column or in several; the group that takes most of the page wins.
  const column = (els) => {
    const groups = new Map();
    for (const el of els) {
      const r = el.getBoundingClientRect();
      if (!big(r)) continue;
      const k = Math.round(r.width / 24);
      if (!groups.has(k)) groups.set(k, { els: [], area: 0 });
      const g = groups.get(k);
      g.els.push(el); g.area += r.width * r.height;
    }
    let best = { els: [], area: 0 };
    for (const g of groups.values()) if (g.area > best.area) best = g;
    return best.els;
  };

  const bySelector = (sel) => outermost(A.all(sel)).filter((el) => big(el.getBoundingClientRect()) && A.visible(el));

  const dated = new WeakSet(); // what has a time or an address of its own keeps it: long feeds are looked at often
  const bySemantics = () => {
    const feeds = A.all('[role=feed]');
    if (feeds.length) {
      const out = [];
      for (const f of feeds) {
        let inside = outermost(Array.from(f.querySelectorAll(semantic)));
        if (!inside.length) inside = Array.from(f.children).filter((k) => big(k.getBoundingClientRect()));
        out.push(...inside);
      }
      if (out.length) return { els: out.filter((el) => A.visible(el)), feed: true };
    }
    const els = bySelector(semantic).filter((el) => !el.closest(outside));
    const col = column(els);
    const here = location.href.split('#')[0];
    const posty = col.filter((el) => dated.has(el) || (A.marks(el).length || (A.permalink(el) || here) !== here) && dated.add(el));
    if (col.length >= 2 && posty.length * 2 >= col.length) return { els: col, feed: true };
    if (col.length === 1 && posty.length === 1 && (A.permalink(col[0]) || here).split('#')[0] !== here && A.marks(col[0]).length) return { els: col, feed: true };
    return { els: [], feed: false };
  };

  // addressed tells whether things are posts by their addresses: most have one of their own.
  const addressed = (items) => {
    const here = location.href.split('#')[0];
    const ps = items.map((i) => A.permalink(i)).filter((p) => p && !notPost.test(p)).map((p) => p.split('#')[0]).filter((p) => p !== here);
    return items.length >= 3 && new Set(ps).size * 2 > items.length;
  };
  // sections gives the posts of lists that each stand below a heading of their own, one of which may hold a single post: what is pinned, and what is
  // not. A post with comments has no heading before its own time, or comments without the address of a post.
  const sections = (g, inner, holds) => {
    const lists = [...inner.values()];
    if (!lists.length || g.length > 4) return [];
    const headed = (x) => { const h = x.querySelector('h1,h2,h3,h4,[role=heading]'), first = (inner.get(x) || [])[0], m = holds.get(x)[0]; return !!h && !(first && A.inside(h, first)) && !!(h.compareDocumentPosition(m) & Node.DOCUMENT_POSITION_FOLLOWING); };
    if (!g.every(headed) || !lists.every(addressed)) return [];
    return within(g, inner, holds);
  };
  const like = (a, b) => a.localName === b.localName && a.className === b.className;
  // within gives the things in all parts of the page: of a part with a single one that which is like those in the others.
  const within = (g, inner, holds) => g.flatMap((x) => {
    if (inner.has(x)) return inner.get(x);
    if (!inner.size) return [x];
    const one = [...inner.values()][0][0];
    for (let e = holds.get(x)[0]; e && e !== x; e = parentOf(e)) if (like(e, one)) return [e];
    return [x];
  });
  // outlier gives the posts of one long list and those of the few rows beside it that hold one like them at the same place in their structure: what is
  // pinned has often a box of its own, without a heading.
  const outlier = (g, inner, holds) => {
    const [box, list] = inner.size === 1 && g.length <= 3 ? [...inner][0] : [null, []];
    if (list.length < 5 || !addressed(list)) return [];
    const own = path(list[0]).slice(path(box).length); // the way from a row to what it holds
    if (!list.every((i) => path(i) === path(box) + own)) return [];
    const at = (m, x) => { for (let e = m; e && e !== x; e = parentOf(e)) if (path(e) === path(x) + own) return e; return null; };
    const out = g.map((x) => (inner.has(x) ? inner.get(x) : Array.from(new Set(holds.get(x).map((m) => at(m, x))))));
    return out.every((els) => els.length && els.every(Boolean)) && addressed(out.flat()) ? out.flat() : [];
  };
  // paired tells posts with what answers them from parts of a list: the first thing in each looks the same, and otherwise than all that follow.
  const paired = (inner) => {
    const lists = [...inner.values()];
    if (lists.length < 3) return false;
    const face = (e) => e.localName + '|' + (e.getAttribute('class') || ''), left = (e) => Math.round(e.getBoundingClientRect().left / 8);
    const split = (of) => { const first = new Set(lists.map((l) => of(l[0]))), rest = new Set(lists.flatMap((l) => l.slice(1).map(of))); return first.size === 1 && ![...first].some((f) => rest.has(f)) && rest.size <= 2; };
    return split(face) || split(left);
  };
  // lists tells whether what stands in a row are lists of things that are all alike: side by side in one row, as columns are, or of posts with
  // addresses of their own.
  const rowOfLists = (g, inner) => {
    if (g.length > 6 || inner.size < 2 || inner.size < g.length - 1) return false;
    const all = [...inner.values()], items = all.flat(), rs = g.map((x) => x.getBoundingClientRect()).sort((a, b) => a.left - b.left);
    return items.every((i) => like(i, items[0])) && (all.every(addressed) || rs.every((r, k) => !k || r.left >= rs[k - 1].right - 2 && Math.abs(r.top - rs[0].top) < Math.max(r.height, rs[0].height) / 4));
  };
  // kindOf is what most things in a row are called, as the first of them; null where they bear no name or each its own.
  const kindOf = (g) => g.find((x) => x.className && g.filter((y) => like(x, y)).length * 2 > g.length) || null;
  // unwrap gives, for what stands in a row of such things and is none itself, those that it holds: lists often grow by wrappers in wrappers.
  const unwrap = (x, kind) => {
    const held = !kind || like(x, kind) ? [] : Array.from(x.getElementsByTagName(kind.localName)).filter((e) => like(e, kind));
    return held.length ? outermost(held) : [x];
  };
  // byShape climbs from the times on the page to the things in a row that carry them.
  const byShape = () => {
    const marks = A.marks(document.body).filter((m) => !isOutside(m) && A.visible(m));
    if (marks.length < 2) return [];
    const holds = new Map(); // element → marks below it, in order
    for (const m of marks) for (let e = m; e; e = parentOf(e)) { if (!holds.has(e)) holds.set(e, []); holds.get(e).push(m); }
    const group = (p) => {
      const kids = [];
      for (const k of A.kids(p)) if (k.nodeType === 1 && holds.has(k)) kids.push(k);
      const col = column(kids);
      return col.length >= 2 ? col : [];
    };
    const dig = (p, depth) => {
      if (!p || depth > 60) return [];
      const g = group(p);
      if (g.length >= 2) {
        const inner = new Map();
        let wrapped = 0, all = 0;
        for (const x of g) {
          const ms = holds.get(x);
          all += ms.length;
          if (ms.length < 2) continue;
          const items = dig(x, depth + 1);
          // A wrapper's first time belongs to its first thing; a post's own time stands before its comments'.
          if (items.length >= 2 && items.some((i) => A.inside(ms[0], i))) { inner.set(x, items); wrapped += ms.length; }
        }
        const plain = g.slice(0, -1).some((x) => !inner.has(x)); // one with a single time among them: these are posts, some with comments
        const alike = [...inner.values()].every((items) => {
          const len = items.map((i) => A.clean(i.innerText).length), mid = len.slice().sort((a, b) => a - b)[len.length >> 1];
          return len[0] >= mid * 0.5;
        });
        if (wrapped * 2 > all && !plain && alike && !paired(inner)) return within(g, inner, holds);
        if (rowOfLists(g, inner)) return within(g, inner, holds);
        const parts = sections(g, inner, holds), more = parts.length ? parts : outlier(g, inner, holds);
        if (more.length) return more;
        const kind = kindOf(g.slice(0, 12));
        return g.flatMap((x) => unwrap(x, kind));
      }
      let best = [];
      for (const k of A.kids(p)) {
        if (k.nodeType !== 1 || !holds.has(k)) continue;
        const body = A.frameBody(k);
        const items = dig(body || k, depth + 1);
        const area = (els) => els.reduce((s, e) => { const r = e.getBoundingClientRect(); return s + r.width * r.height; }, 0);
        if (items.length && area(items) > area(best)) best = items;
      }
      return best;
    };
    return dig(document.body, 0);
  };

  const commenty = /kommentar|comment|kommen(?:tt|ti)|(?:^|[\s_-])(?:svar|repl(?:y|ies)|vastau)/i;
  // lonely gives the page's only post, of which the things in a row are the comments: one time with a post's address stands before them, and none
  // of them has such an address.
  const lonely = (els) => {
    const addressed = (el, m) => { const p = A.permalink(el, m); return p !== '' && postPath.test(p) && !notPost.test(p); };
    if (els.some((e) => addressed(e))) return null;
    const heads = A.marks(document.body).filter((m) => A.visible(m) && !isOutside(m) && !els.some((e) => A.inside(m, e)));
    if (heads.length !== 1 || !(heads[0].compareDocumentPosition(els[0]) & Node.DOCUMENT_POSITION_FOLLOWING) || !addressed(heads[0].parentElement, heads[0])) return null;
    let hint = false, whole = els[0];
    for (; whole && !A.inside(heads[0], whole); whole = parentOf(whole)) hint = hint || commenty.test((whole.getAttribute('class') || '') + ' ' + whole.id + ' ' + (whole.getAttribute('aria-label') || ''));
    return hint && whole && whole !== document.body && whole.localName !== 'main' && els.every((e) => A.inside(e, whole)) ? whole : null;
  };

  let how = '';
  let known = [], lists = new Set(), paths = new Set();
  // forget leaves what was thought of the page's posts.
  const forget = () => { how = ''; known = []; lists = new Set(); paths = new Set(); };
  const path = (el) => { let s = ''; for (let e = el; e && e !== document.body; e = parentOf(e)) s = e.localName + '>' + s; return s; };
  // What was learned on one page of a feed holds on its next, where a single post may be left: recall gives it, remember takes it.
  let earlier = new Set();
  A.recall = () => (how === 'shape' ? Array.from(paths) : []);
  A.remember = (ps) => {
    earlier = new Set(ps);
    if (earlier.size) forget(); // what was thought of this page before that was known
    return earlier.size;
  };
  const remembered = () => {
    const out = new Set();
    for (const m of earlier.size ? A.marks(document.body) : []) {
      if (!A.visible(m) || isOutside(m)) continue;
      for (let e = m; e; e = parentOf(e)) if (earlier.has(path(e)) && big(e.getBoundingClientRect())) { out.add(e); break; }
    }
    return outermost(Array.from(out));
  };
  let width = 0; // px of what was learned
  const learn = (els) => { const ws = els.map((e) => e.getBoundingClientRect().width).filter((w) => w > 0).sort((a, b) => a - b); width = ws[ws.length >> 1] || width; known = els; for (const e of els) { lists.add(parentOf(e)); paths.add(path(e)); } };
  const row = (e) => { const r = e.getBoundingClientRect(); return r.width > 120 && r.height > 10 && peer(e); }; // of one line
  // peer tells whether something looks like the posts that are known: as wide as one of them, or called the same. What stands beside a feed has often
  // the same place in the page's structure.
  const peer = (e) => {
    const w = e.getBoundingClientRect().width;
    return known.some((k) => k.className && k.className === e.className || k.isConnected && Math.abs(k.getBoundingClientRect().width - w) < Math.max(24, w / 8)) || Math.abs(width - w) < 4;
  };
  // unread finds what stands in one list with the posts that are known and is called the same, and shows something short where they have their time:
  // a time in words that are not understood.
  const ways = new WeakMap(), nth = (e) => Array.prototype.filter.call(e.parentElement.children, (c) => c.localName === e.localName).indexOf(e);
  const wayTo = (item) => {
    if (ways.has(item)) return ways.get(item);
    let way = '';
    for (let e = A.marks(item)[0]; e && e !== item; e = e.parentElement) { if (!e.parentElement) { way = ''; break; } way = e.localName + ' ' + nth(e) + '>' + way; }
    ways.set(item, way);
    return way;
  };
  const follow = (item, way) => way.split('>').filter(Boolean).reduce((e, s) => { const [name, n] = s.split(' '); return e && Array.prototype.filter.call(e.children, (c) => c.localName === name)[+n]; }, item);
  const advert = /^(?:sponsra[dt]|sponsored|sponset|sponsoreret|annons|reklam|anzeige|promoted|ad|mainos\p{L}*)(?:$|\P{L})/iu;
  const unread = () => {
    for (const list of lists) {
      const rows = known.filter((e) => parentOf(e) === list).slice(-12), count = new Map();
      if (rows.length < 3 || !list.children) continue;
      for (const e of rows) count.set(wayTo(e), (count.get(wayTo(e)) || 0) + 1);
      const [way, n] = Array.from(count).sort((a, b) => b[1] - a[1])[0];
      if (!way || n * 3 < rows.length * 2) continue;
      for (const e of list.children) {
        if (ways.get(e) === way || !rows.some((k) => k.localName === e.localName && k.className === e.className)) continue;
        const m = follow(e, way), t = m && !m.childElementCount ? A.clean(m.textContent) : '';
        if (t.length < 40 && A.looksLikeTime(t)) { ways.set(e, way); continue; }
        if (t.length < 2 || t.length > 40 || /[.!?:]$/.test(t) || advert.test(t) || !A.visible(m) || !big(e.getBoundingClientRect())) continue;
        if (A.marks(e).some((x) => A.inside(x, A.parent(m)))) continue; // its time stands beside that
        if (A.clockOnly.test(t)) A.clocks = true;
        A.assumed.add(m);
        ways.delete(e);
      }
    }
  };
  // more finds what has come since the rows were recognised: in the same lists, else at the same place in the page's structure.
  const later = () => {
    const have = new Set(known.filter((e) => e.isConnected)), kind = kindOf(known.slice(-12));
    const covered = (m) => { for (let e = m; e; e = parentOf(e)) if (have.has(e)) return true; return false; };
    for (const m of A.marks(document.body)) {
      if (covered(m) || !A.visible(m) || isOutside(m)) continue;
      let item = null;
      for (let e = m; e && !item; e = parentOf(e)) if (lists.has(parentOf(e)) && !lists.has(e)) item = e;
      if (!item) for (let e = m; e && !item; e = parentOf(e)) if (paths.has(path(e)) && peer(e)) item = e;
      if (item) item = unwrap(item, kind).find((x) => A.inside(m, x)) || item;
      if (item && /absolute|fixed/.test(A.css(item).position) && A.clean(item.innerText) === A.clean(m.innerText)) continue; // a tip that says a time
      if (item && (big(item.getBoundingClientRect()) || row(item))) { have.add(item); lists.add(parentOf(item)); }
    }
    known = Array.from(have).sort((a, b) => (a === b ? 0 : a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    return known;
  };
  // find lists the posts that are in the document now, in document order, and how they were recognised.
  A.find = () => {
    if (!document.body) return []; // a drawing, or data
    const els = find();
    heedShort(els);
    if (els.length || A.lenient || how) return els;
    A.lenient = true;
    A.partLines();
    const more = find();
    if (more.length >= 3) return more;
    const lines = rows();
    if (lines.length) return lines;
    A.lenient = false; forget();
    return inDialog();
  };
  // inDialog finds the posts of a page that has them in a dialog alone, which stands open over something else.
  const inDialog = () => {
    if (outside === beside || !A.all(dialog).some(A.shown)) return [];
    outside = beside;
    const els = find(), d = els.length >= 3 && els[0].closest(dialog);
    if (d && els.every((e) => d.contains(e))) return els;
    outside = anywhere;
    forget();
    return [];
  };
  // heedShort has short dates read too, as "20/11", where posts that were recognised otherwise show no time.
  const heeded = new WeakSet();
  const heedShort = (els) => {
    if (A.lenient || els.length < 2 || heeded.has(els[0])) return;
    heeded.add(els[0]);
    const first = els.slice(0, 12), dated = () => first.filter((e) => A.marks(e).length).length;
    if (dated()) return;
    A.lenient = true;
    A.lenient = dated() * 2 > first.length;
  };
  // rows finds posts of which a page lists no more than title and date, a line for each, where these are most of what it says and each leads to a page
  // of its own.
  const rows = () => {
    forget();
    least = 10;
    const els = byShape(), own = new Set(els.map((e) => { const a = e.localName === 'a' ? e : Array.from(e.querySelectorAll('a[href]')).find((x) => web(x) && x.host === location.host && A.clean(x.textContent).length > 8); return a && web(a) && !/\.(?:pdf|docx?|xlsx?|zip|jpe?g|png)$/i.test(a.pathname) ? a.href.split('#')[0] : ''; }));
    const text = els.reduce((n, e) => n + A.clean(e.innerText).length, 0);
    if (els.length >= 6 && own.size === els.length && !own.has('') && !own.has(location.href.split('#')[0]) && text * 2 > A.clean((document.querySelector('main,[role=main]') || document.body).innerText).length) { how = 'shape'; learn(els); return els; }
    least = 24;
    return [];
  };
  const find = () => {
    A.findDays();
    if (A.rules.post) {
      const els = bySelector(A.rules.post);
      if (els.length && A.trusted(els, () => { const s = bySemantics(); return s.feed ? s.els : byShape(); })) { how = 'rules'; return els; }
    }
    if (how === 'shape') {
      if (A.grouped()) A.part();
      unread();
      const els = later();
      if (els.some((e) => e.getClientRects().length)) return els;
      // All are hidden: another list may stand in their place, where its posts look like those that were known.
      const other = byShape();
      if (other.length >= 2 && other.filter(peer).length * 2 > other.length) { learn(other); return other; }
      if (els.length) return els;
    }
    const same = remembered();
    if (same.length) { how = 'shape'; learn(same); return same; }
    const s = bySemantics();
    if (s.feed && (how === 'roles' || A.all('[role=feed]').length)) { how = 'roles'; return s.els; }
    A.part();
    const els = byShape(), whole = els.length >= 2 ? lonely(els) : null;
    if (whole && !s.feed) { how = 'shape'; learn([whole]); return [whole]; }
    // Where the things in a row begin outside of what is marked as articles, the articles are their comments.
    const beyond = els.filter((x) => { const m = A.marks(x)[0]; return m && !s.els.some((e) => A.inside(m, e)) && !s.els.some((e) => A.inside(x, e)); });
    if (s.feed && !(els.length >= 2 && beyond.length * 2 > els.length)) { how = 'roles'; return s.els; }
    if (els.length >= 2) { how = 'shape'; learn(els); unread(); return later(); }
    how = '';
    return [];
  };
  A.how = () => how;

  const postPath = /\/(?:posts?|status(?:es)?|p|reels?|videos?|watch|photos?|permalink(?:\.php)?|story(?:\.php)?|stories|inlagg|inlägg|nyhet(?:er)?|notes?|shorts|activity|update|t|i|a)\/[^/?#]+|\/@[^/]+\/\d+|[?&](?:story_fbid|v|p|id|story|post|fbid|status|inlagg)=|urn:li:|\/\d{4}\/\d{2}\/(?:\d{2}\/)?[^/]+/i;
  A.isPostPath = (u) => postPath.test(u) && !notPost.test(u);
  const notPost = /[?&#](?:comment_id|reply_comment_id)=|#(?:comment|kommentar|kommen(?:tt|ti))|#respond|\/hashtag\/|\/tags?\/|\/explore\/|\/search|\/(?:share|sharer|intent|login|signup)\b|replytocom/i;
  const nowhere = /^\s*(?:#[!/0]*)?\s*$/; // what is pressed, and leads to no address
  const web = (a) => a && typeof a.href === 'string' && /^https?:/i.test(a.href) && !nowhere.test(a.getAttribute('href') || '');

  A.cleanURL = (u) => {
    try {
      const x = new URL(u, location.href);
      for (const k of Array.from(x.searchParams.keys())) if (/^(utm_|fbclid|gclid|igsh|igshid|__|mc_|ref_|si$|feature$|notif)/i.test(k) || /^(?:ref|s|t)$/.test(k) && x.host !== location.host) x.searchParams.delete(k);
      if (x.hash && !/^#!?\//.test(x.hash) && !/\d/.test(x.hash)) x.hash = '';
      return x.href;
    } catch (e) { return u; }
  };

  const person = /(?:^|\/)(?:u|users?|profiles?|profil(?:e\.php)?|members?|memberlist|medlem\p{L}*|people|persons?|authors?|anvandare|användare|konto|accounts?|channel|in|company|@[^/]*)(?:[/.]|$)/iu; // whose address it is
  const numbered = /[?&](?:t|tid|topic|thread|threadid|topicid|trad|tr%C3%A5d|amne|%C3%A4mne|nid|newsid|nyhetid|articleid|artikel|artikelid)=\d+/i; // what is discussed under one title
  // common are addresses and numbers that different posts have at the same time: they are no post's own.
  const common = new Set();
  const good = (a) => web(a) && a.href.split('#')[0] !== '' && !/^https?:\/\/[^/]+\/?$/.test(a.href);
  // leadsIn tells a link to the whole of what an address gives a part of: to a topic, of which the address is the last answer. A profile's address,
  // below which its posts have theirs, bears no number and no title.
  A.leadsIn = (a, address) => {
    const own = a.pathname.replace(/\/+$/, '');
    try { return a.host === new URL(address).host && own.split('/').length > 2 && new URL(address).pathname.startsWith(own + '/') && /\/(?:\d+|[^/]*-[^/]*-[^/]*)$/.test(own) && !person.test(own); } catch (e) { return false; }
  };
  // addresses gives what may be a post's own address, the likeliest first: what its time links to, what is marked as such, a link of the shape of a post.
  const addresses = function* (el, mark, comment) {
    if (A.rules.permalink) { const a = el.matches(A.rules.permalink) ? el : el.querySelector(A.rules.permalink); if (good(a)) yield a.href; }
    mark = mark || A.marks(el)[0];
    if (mark) {
      const a = mark.closest('a[href]') || (A.signed(mark) ? null : mark.querySelector('a[href]')); // in a line of name and time a link leads to the name
      const whole = good(a) && !comment && Array.from(el.querySelectorAll('a[href]')).find((x) => x !== a && good(x) && A.leadsIn(x, a.href));
      if (whole) yield whole.href;
      if (good(a) && A.inside(a, el) && !/\/@[^/]+\/?$/.test(a.pathname)) yield a.href;
    }
    const marked = el.querySelector('a[rel~=bookmark],a.u-url,a[itemprop=url],link[itemprop=url]');
    if (good(marked)) yield marked.href;
    for (const k of ['data-permalink', 'data-permalink-url', 'data-url', 'data-href']) {
      const v = el.getAttribute(k);
      if (v && /^(https?:|\/)/.test(v)) yield v;
    }
    if (el.localName === 'a' && good(el)) yield el.href;
    const shaped = Array.from(el.querySelectorAll('a[href]')).find((a) => good(a) && a.host === location.host && postPath.test(a.href) && !notPost.test(a.href));
    if (shaped) yield shaped.href;
    const head = el.querySelector('h1 a[href],h2 a[href],h3 a[href],h4 a[href]');
    if (comment) return; // what a comment's heading links to is who wrote it
    if (good(head) && head.host === location.host) yield head.href;
    const wrap = el.closest('a[href]');
    if (good(wrap)) yield wrap.href;
    // what it is called may lead to it, whatever the address looks like: no name is so long, and no profile's address numbered or made of so many words
    const titled = Array.from(el.querySelectorAll('a[href]')).find((a) => good(a) && a.host === location.host && !a.closest('p') && A.clean(a.textContent).length >= 10 && /\d|\s\p{Ll}/u.test(A.clean(a.textContent)) && !A.looksLikeTime(A.clean(a.textContent)) && !notPost.test(a.href) && !person.test(a.pathname) && (/\/(?:[^/?#]*\d[^/?#]*|[^/?#]*-[^/?#]*-[^/?#]*)\/?$/.test(a.pathname) && a.pathname !== location.pathname || numbered.test(a.search)));
    if (titled) yield titled.href;
  };
  // permalink is a post's own address; '' where it has none.
  A.permalink = (el, mark, comment) => {
    for (const u of addresses(el, mark, comment)) { const x = A.cleanURL(u); if (!common.has(x)) return x; }
    return '';
  };
  const idOf = (el) => { const id = el.getAttribute('data-id') || el.getAttribute('data-post-id') || (/\d{3,}/.test(el.id) ? el.id : ''); return id && !common.has('id:' + id) ? 'id:' + id : ''; };
  const words = (s) => new Set(s.toLowerCase().match(/\p{L}+/gu) || []);
  // similar tells whether one of two sets of words is hardly more than a part of the other: a post with its comments open and closed is one.
  const similar = (a, b) => { let both = 0; for (const w of a) if (b.has(w)) both++; return both >= 0.7 * Math.min(a.size, b.size); };
  const tokens = (s) => new Set(s.toLowerCase().match(/[\p{L}\d]+/gu) || []);
  const alike = (a, b) => { let both = 0; for (const w of a) if (b.has(w)) both++; return both >= 0.8 * (a.size + b.size - both); };
  // written is what a post says, in shadow trees and frames too.
  const written = (el) => (A.treesNow().length > 1 ? A.words(el) : A.clean(el.innerText));
  const face = (el) => { const m = A.marks(el)[0]; return { time: m ? A.clean(m.textContent) : '', words: words(written(el).slice(0, 600)) }; };
  // tellApart finds the addresses and numbers that different posts have, among those that stand in the document at once. Posts that were asked
  // before are asked again only where they are in sight: a list may have put another post in their place.
  const claimed = new Map(), asked = new WeakMap();
  A.tellApart = (els, inSight) => {
    const there = new Set(els);
    for (const el of els) {
      if (asked.has(el) && !inSight(el)) continue;
      for (let n = 0; n < 6; n++) {
        const own = A.permalink(el) || idOf(el);
        if (!own || asked.get(el) === own) break;
        asked.set(el, own);
        const other = claimed.get(own);
        if (!other || !other.isConnected || other === el || !there.has(other)) { claimed.set(own, el); break; }
        const a = face(el), b = face(other);
        if (a.time === b.time && similar(a.words, b.words)) break;
        common.add(own);
      }
    }
  };

  // hash makes a key for a post without an address.
  A.hash = (s) => { let h = 0xcbf29ce484222325n; for (const c of s) { h ^= BigInt(c.codePointAt(0)); h = (h * 0x100000001b3n) & 0xffffffffffffffffn; } return h.toString(36); };
  A.key = (el) => {
    const own = A.permalink(el) || idOf(el), had = named.get(el);
    if (had && had.own && (own === had.own || common.has(had.own) && !own)) return had.own; // others came to have it later
    if (own) { named.set(el, { own }); return own; }
    const m = A.marks(el)[0];
    const w = m ? A.when(m) : null, at = w ? w.datetime + w.epoch || (A.isRelative(w.text) ? '' : w.text) : '', text = written(el);
    // What the page adds to a post later on, such as comments, does not make it another, nor does a counter that moves.
    if (had && !had.own && had.at === at && performance.now() < had.until) { had.head = text.slice(0, 100); had.words = tokens(text.slice(0, 400)); return had.key; }
    if (had && !had.own && had.at === at && (text.startsWith(had.head) || at && alike(tokens(text.slice(0, 400)), had.words))) return had.key;
    const key = 'text:' + A.hash(text.slice(0, 400) + '|' + at);
    named.set(el, { key, at, head: text.slice(0, 100), words: tokens(text.slice(0, 400)) });
    return key;
  };
  const named = new WeakMap();
  // changing is told before a button of a post is pressed: what it says next is the same post's.
  A.changing = (el) => { const had = named.get(el); if (had) had.until = performance.now() + 5000; };
})();
