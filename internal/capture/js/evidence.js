// One post or comment on a page of its own: what stands before the post in its thread, what the page says around it, and which of its
// pictures did not come.
(() => {
  'use strict';
  const A = arsring;
  const article = '[role="article"],article,.h-entry,[itemtype*="SocialMediaPosting"],[itemtype*="BlogPosting"],[itemtype*="DiscussionForumPosting"],[itemtype*="VideoObject"]';
  const beside = 'nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary],[role=banner],form';
  const follows = (a, b) => !!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
  const outermost = (els) => els.filter((el) => !els.some((o) => o !== el && A.inside(el, o)));
  const shown = (el) => { const r = el.getBoundingClientRect(); return r.width > 60 && r.height > 12 && A.visible(el); };
  const candidates = () => outermost(A.all((A.rules.post ? A.rules.post + ',' : '') + article)).filter((el) => shown(el) && !el.closest(beside));

  // withoutComment is an address without what names a comment on the page.
  const withoutComment = (u) => {
    try {
      const x = new URL(u);
      for (const k of ['comment_id', 'reply_comment_id', 'commentId', 'lc']) x.searchParams.delete(k);
      x.pathname = x.pathname.replace(/(\/(?:p|reel|posts?)\/[^/]+\/)c\/[^/]+\/?$/, '$1');
      return x.href;
    } catch (e) { return u; }
  };
  // A post's address is never one of its comments'. A comment whose time leads to this very page has its address all the same, as long as
  // the page is not the post's.
  const read = A.visitRead;
  A.visitRead = (hint) => {
    const o = read(hint);
    const here = A.cleanURL(location.href);
    o.post.permalink = withoutComment(o.post.permalink);
    const fill = (c) => {
      const m = c.mark >= 0 ? A.marked[c.mark] : null, a = m && (m.closest('a[href]') || m.querySelector('a[href]'));
      if (!c.permalink && a && A.cleanURL(a.href) === here && o.post.permalink !== here) c.permalink = here;
      c.comments.forEach(fill);
    };
    o.post.comments.forEach(fill);
    return o;
  };
  // evidencePage makes the document's address the post's where it names a comment: what links to it is then taken for what it is.
  A.evidencePage = () => {
    const u = withoutComment(location.href);
    if (u !== location.href) history.replaceState(history.state, '', u);
    return location.href;
  };
  // evidenceBefore reads the posts that stand before the post whose time has the number: those that it answers.
  A.evidenceBefore = (mark) => {
    const m = A.marked[mark];
    if (!m) return [];
    const all = candidates(), main = all.find((el) => A.inside(m, el));
    if (!main) return [];
    const box = main.closest('main,[role=main]') || document.body;
    const marked = A.marked.slice();
    const out = all.filter((el) => el !== main && follows(el, main) && A.inside(el, box) && A.marks(el).length).slice(-20).map((el) => A.read(el, false));
    A.marked.length = 0;
    A.marked.push(...marked);
    return out;
  };
  // evidenceElsewhere says that the fragment of an address names nothing on the page, or something among its comments.
  A.evidenceElsewhere = (hash) => {
    const q = CSS.escape(hash), el = A.all(`[id="${q}"],a[name="${q}"]`)[0];
    if (!el) return true;
    const talk = /comment|kommentar|reply|replies|respon[sd]|discussion|thread|svar(?:$|[-_\s])/i;
    for (let e = el; e && e !== document.body && !e.matches('main,[role=main]'); e = A.parent(e)) {
      if (e.querySelector('h1')) return false;
      if (talk.test(e.id + ' ' + (e.getAttribute('class') || '') + ' ' + (e.getAttribute('itemprop') || '') + ' ' + (e.getAttribute('itemtype') || ''))) return true;
    }
    return false;
  };
  // evidenceAlone tells how many things on the page may be posts.
  A.evidenceAlone = () => candidates().length;
  // evidenceUnclip lets what scrolls by itself grow, so that a picture of the page shows all of it.
  A.evidenceUnclip = () => (A.visitUnclip ? A.visitUnclip().panes : 0);
  // evidenceLost counts the pictures between two heights, outside the stretches given, that did not come.
  A.evidenceLost = (y0, y1, except) => A.all('img').filter((i) => {
    const r = A.rect(i), y = r.y + r.h / 2;
    return A.visible(i) && r.w >= 70 && r.h >= 50 && y > y0 && y < y1 && !except.some((e) => y > e[0] && y < e[1]) && (!i.complete || !i.naturalWidth);
  }).length;
})();
