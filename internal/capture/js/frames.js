// Frames of other origins: the page's own world sees where they are and not what they show.
(() => {
  'use strict';
  const A = arsring;
  const closed = (f) => !A.frameBody(f) && A.visible(f) && f.getBoundingClientRect().width > 40 && f.getBoundingClientRect().height > 20;

  // outside counts the frames that cannot be seen into from here.
  A.outside = () => A.all('iframe,frame').filter(closed).length;
  // frameBox is where a frame shows its document, in document px of the page; null where it can be seen into from here or is not shown.
  A.frameBox = (f) => {
    if (!closed(f)) return null;
    const r = A.rect(f), s = A.css(f), n = (k) => parseFloat(s[k]) || 0;
    const l = n('borderLeftWidth') + n('paddingLeft'), t = n('borderTopWidth') + n('paddingTop');
    return { x: r.x + l, y: r.y + t, w: f.clientWidth - n('paddingLeft') - n('paddingRight'), h: f.clientHeight - n('paddingTop') - n('paddingBottom') };
  };
  // growFrame makes a frame as tall as what it holds, and tells whether it was less.
  A.growFrame = (f, h) => {
    const was = f.clientHeight;
    if (h <= was + 2) return false;
    for (const [k, v] of [['max-height', 'none'], ['height', h + f.offsetHeight - was + 'px']]) f.style.setProperty(k, v, 'important');
    return f.clientHeight > was + 2;
  };
  // frameRegion reads, inside a frame, what its window shows, in px of that window.
  A.frameRegion = () => {
    const g = A.region(window.scrollY, window.scrollY + window.innerHeight);
    const move = (b) => ({ ...b, x: b.x - window.scrollX, y: b.y - window.scrollY });
    return { texts: g.texts.map(move), links: g.links.map(move), atoms: g.atoms.map(move), heads: [] };
  };
  const region = A.region;
  A.region = (y0, y1) => { const g = region(y0, y1); g.outside = A.outside(); return g; };
})();
