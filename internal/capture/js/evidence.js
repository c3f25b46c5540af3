// One post or comment among everything a page shows: which of the page's pieces belong to the post's thread, and where each of them stands.
(() => {
  'use strict';
  const A = arsring;
  const article = '[role="article"],article,.h-entry,[itemtype*="SocialMediaPosting"],[itemtype*="BlogPosting"],[itemtype*="DiscussionForumPosting"],[itemtype*="VideoObject"]';
  const reply = '[role="article"],article,[itemprop="comment"],[itemtype$="/Comment"],li.comment,.h-cite,[id^="comment-"],[data-comment-id],[role="comment"]';
  const beside = 'nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary],[role=banner],form';
  const talk = /(kommentar|comment|kommentt|svar|repl|vastau|tråd|thread|konversation|conversation|diskussion|discussion)/i;

  const outermost = (els) => els.filter((el) => !els.some((o) => o !== el && A.inside(el, o)));
  const shown = (el) => { const r = el.getBoundingClientRect(); return r.width > 60 && r.height > 12 && A.visible(el); };
  const follows = (a, b) => !!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);

  // candidates are the things on the page that may be posts, in document order.
  const candidates = () => {
    let els = A.rules.post ? outermost(A.all(A.rules.post)) : [];
    if (!els.length) els = outermost(A.all(article)).filter((el) => !el.closest(beside));
    if (!els.length) els = A.find();
    els = els.filter(shown);
    if (!els.length) {
      const m = A.all('main,[role=main]').find(shown) || document.body;
      if (m && A.marks(m).length) els = [m];
    }
    return els;
  };
  // evidencePosts lists the candidates: their addresses, and whether any of the ids stands on something inside them.
  let posts = [];
  A.evidencePosts = (ids) => {
    posts = candidates().slice(0, 200);
    const carries = (el) => ids.some((id) => [el, ...A.within(el, '[id],[data-id],[data-comment-id],[name]')].some((e) => [e.id, e.getAttribute('data-id'), e.getAttribute('data-comment-id'), e.getAttribute('name')].includes(id)));
    return posts.map((el) => ({ permalink: A.permalink(el) || '', carries: ids.length > 0 && carries(el) }));
  };

  let main = null, scope = null, before = [], pieces = [];
  // evidenceMain settles which candidate is the post. With alone true the page is the post's own, so what stands around it is its thread.
  A.evidenceMain = (i, alone) => {
    main = posts[i] || null;
    if (!main) return false;
    scope = main;
    if (alone) {
      scope = main.closest('main,[role=main]') || main.parentElement || main;
      if (!main.closest('main,[role=main]')) { // widen as long as nothing but this post's surroundings come along
        for (let p = scope.parentElement; p && p !== document.body && !p.querySelector(beside); p = p.parentElement) scope = p;
      }
    }
    return true;
  };
  const mainMark = () => A.marks(main)[0] || null;

  // thread lists what stands after the post and answers it: nothing beyond a heading that announces something else.
  const thread = () => {
    if (scope === main) return [];
    const free = (el) => el !== main && !A.inside(el, main) && !A.inside(main, el) && !el.closest(beside);
    let els = A.within(scope, A.rules.comment || reply).filter((el) => free(el) && follows(main, el) && shown(el) && A.clean(el.innerText) && !/(respond|form|reply-?to)/i.test(el.id));
    const marks = A.marks(scope);
    if (els.length) {
      const lead = new Map(els.map((c) => [c, A.marks(c)[0] || c]));
      els = els.filter((d) => !els.some((c) => c !== d && c.contains(d) && lead.get(c) === lead.get(d)));
    } else {
      const mm = mainMark();
      for (const m of marks) {
        if (!free(m) || !follows(main, m) || A.weak(m)) continue;
        const c = A.around(m, marks.filter((x) => !A.inside(x, main)), scope, mm && A.inside(mm, main) ? mm : null);
        if (c && c !== scope && free(c) && !els.includes(c)) els.push(c);
      }
    }
    const other = A.within(scope, 'h1,h2,h3,h4,[role=heading]').find((h) => free(h) && follows(main, h) && A.visible(h) && A.clean(h.innerText) && !talk.test(h.innerText) && !els.some((e) => A.inside(h, e)));
    return other ? els.filter((e) => follows(e, other)) : els;
  };
  const gather = () => {
    const t = thread();
    before = scope === main ? [] : candidates().filter((el) => el !== main && follows(el, main) && !A.inside(main, el) && A.inside(el, scope)).slice(-20);
    const own = A.comments(main, mainMark());
    pieces = [main, ...before, ...t, ...own];
    return t;
  };
  // unbox lets the post grow out of boxes that scroll or cut it, so that it can be photographed whole. It tells what was changed.
  A.evidenceUnbox = () => {
    const done = [];
    for (let e = A.parent(main); e && e !== document.body && e !== document.documentElement; e = A.parent(e)) {
      const s = A.css(e);
      if (!/(auto|scroll|hidden|clip|overlay)/.test(s.overflowY) || e.scrollHeight <= e.clientHeight + 4) continue;
      for (const [k, v] of [['overflow', 'visible'], ['height', 'auto'], ['max-height', 'none']]) e.style.setProperty(k, v, 'important');
      done.push('unboxed ' + A.describe(e));
    }
    return done;
  };
  // evidenceOpen opens what is closed in the post and its thread for at most limit ms.
  A.evidenceOpen = async (limit) => {
    const from = performance.now();
    const done = await A.open(scope, limit);
    return { pressed: done, spent: performance.now() - from };
  };
  A.evidenceBottom = () => { gather(); return Math.max(...pieces.filter((p) => p.isConnected && A.visible(p)).map((p) => { const r = A.rect(p); return r.y + r.h; })); };

  // evidenceBlocks are the stretches that should stay on one sheet each.
  A.evidenceBlocks = () => pieces.filter((p) => p.isConnected && A.visible(p)).map((p) => { const r = A.rect(p); return { top: r.y, end: r.y + r.h }; });
  // evidenceText is what the page says around the thread.
  A.evidenceText = () => A.blocks(pieces);

  // evidenceRead gives the post with every comment of its thread, and the posts before it that it answers.
  A.evidenceRead = (target) => {
    const t = gather();
    const p = A.read(main, false);
    A.nested = t;
    const more = A.nest(t);
    A.nested = [];
    const seen = new Set();
    const note = (c) => { seen.add(c.permalink || c.comment_id || c.author + c.text); c.comments.forEach(note); };
    p.comments.forEach(note);
    for (const c of more) if (!seen.has(c.permalink || c.comment_id || c.author + c.text)) p.comments.push(c);
    const fill = (c) => { // a comment whose time leads to this very page has its address all the same
      const m = c.mark >= 0 ? A.marked[c.mark] : null, a = m && (m.closest('a[href]') || m.querySelector('a[href]'));
      if (!c.permalink && a && a.href === location.href) c.permalink = A.cleanURL(a.href);
      c.comments.forEach(fill);
    };
    p.comments.forEach(fill);
    return { post: p, before: before.map((el) => A.read(el, false)) };
  };
  // piece finds the element of a piece by the number of its time, else by its id.
  const piece = (mark, id) => {
    const m = mark >= 0 ? A.marked[mark] : null;
    if (m) {
      const holding = pieces.filter((p) => A.inside(m, p));
      if (holding.length) return holding.reduce((a, b) => (A.inside(b, a) ? b : a));
    }
    return (id && pieces.find((p) => A.commentId(p) === id)) || null;
  };
  // evidenceAt tells where a piece stands, and how many of its own pictures have not come.
  A.evidenceAt = (mark, id) => {
    const el = piece(mark, id) || main;
    if (!el || !el.isConnected || !A.visible(el)) return null;
    const imgs = A.within(el, 'img').filter((i) => A.visible(i) && i.getBoundingClientRect().width >= 70 && !pieces.some((p) => p !== el && A.inside(p, el) && A.inside(i, p)));
    return { ...A.rect(el), lost: imgs.filter((i) => !i.complete || !i.naturalWidth).length };
  };
})();
