// A post's own page: which posts of a list have more to tell there, which part of such a page is the post, and where its comments stand.
(() => {
  'use strict';
  const A = arsring;

  const talk = /(kommentar|comment|kommen(?:tt|ti)|\bsvar|repl(?:y|ies)|vastau|vastaa|kommentoi|tank(?:e|ar) om|thoughts? on|responses?\b|diskussion|discussion)/i;
  const talkHead = /^(?:\d+|en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|one|two|three|kommentar(?:er|sfält)?|comments?|kommentit|replies|svar|lämna|leave|skriv|write|post|lägg till|add|legg igjen|inga|no|responses?|diskussion|discussion|join|delta)(?=\P{L}|$)/iu;
  const says = /^(?:skriver|säger|skrev|sade|says|said|wrote|sier|siger|kirjoitti|sanoo)\s*:?\s*(?:\n+|$)/i;
  const none = /^(?:lämna|leave|skriv|write|post a|add|lägg till|inga|no|ingen|legg igjen|skriv|efterlad|ei |jätä|var först|be the first|vær den første)\b/i;
  const onwards = /^[\s….»→]*(?:läs|les|læs|read|continue|fortsätt|lue|jatka|visa hela|se hela|hela|view full|full|mer|more|mere|vidare)(?=$|[\s….,:»→])/i;
  // onwards tells the words of a link that leads to the rest of a text.
  A.onwards = (s) => onwards.test(s);
  const ellipsis = /(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$/;
  const semantic = '[role="article"],article,.h-entry,[itemtype*="SocialMediaPosting"],[itemtype*="BlogPosting"],[itemtype*="Article"],[itemtype*="VideoObject"],[itemtype*="DiscussionForumPosting"]';
  const outside = 'nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary],[role=banner]';
  const commentish = 'li.comment,[itemprop="comment"],[itemtype$="/Comment"],.h-cite,[id^="comment-"],[data-comment-id],[role="comment"]';
  const commentSel = '[role="article"],article,' + commentish;
  const related = /(relatera|related|liknande|mer från|more from|mer att läsa|more posts|fler (?:inlägg|nyheter|artiklar|videor)|läs (?:också|även|mer)|du kanske|you (?:may|might)|rekommend|recommend|upptäck|discover|andra (?:inlägg|läser)|senaste (?:inlägg|nytt|nyheterna)|latest|populär|popular|trend|nästa inlägg|föregående inlägg|lignende|anbefalt|anbefalet|suosit|lisää aiheesta|up next|härnäst)/i;
  const aside = '[id*=related i],[class*=related i],[id*=sidebar i],[class*=sidebar i],[id*=recommend i],[class*=recommend i],[id=secondary],[class*=suggest i]';

  // plain is an address for comparison: the same page whatever its fragment, tracking, final slash or www.
  const plain = (u) => {
    try {
      const x = new URL(A.cleanURL(u), location.href);
      return x.host.replace(/^(?:www|m|mobile)\./, '') + decodeURI(x.pathname).replace(/\/+$/, '') + x.search;
    } catch (e) { return ''; }
  };
  const words = (s) => (s || '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const shown = (el) => A.visible(el) && el.getBoundingClientRect().height > 2;
  const after = (a, b) => a.getRootNode() !== b.getRootNode() || !!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
  const count = (s) => { const m = /\d[\d\s\u00a0.,]*(?:k|tn|mn|m)?(?![\p{L}\d])/iu.exec(s); return m ? A.amount(m[0]) : null; };
  // amount reads a count as pages write it: 1 204, 1,2 tn, 3k.
  A.amount = (s) => {
    const m = /^(\d[\d\s\u00a0.,]*?)\s*(k|tn|mn|m)?$/i.exec(A.clean(s));
    if (!m) return null;
    if (m[2]) return Math.round(parseFloat(m[1].replace(/[\s\u00a0]/g, '').replace(',', '.')) * (/^(k|tn)$/i.test(m[2]) ? 1e3 : 1e6));
    const d = m[1].replace(/[\s\u00a0.,]/g, '');
    return d.length && d.length < 12 ? +d : null;
  };

  // columned is the number in the column of a table whose head says that it counts answers; null where there is none.
  const answers = /^(?:antal\s+)?(?:svar|kommentarer|inlägg|replies|comments|posts|kommentit|vastaukset|innlegg|antworten|beiträge)$/i;
  const columned = (el) => {
    const row = el.localName === 'tr' ? el : el.closest('tr'), head = row && row.closest('table') && row.closest('table').querySelector('tr');
    if (!head || head === row || !A.inside(row, el) && row !== el) return null;
    const i = Array.from(head.cells || []).findIndex((c) => answers.test(A.clean(c.innerText))), cell = i >= 0 && row.cells[i];
    return cell && /^\d{1,6}$/.test(A.clean(cell.innerText)) ? +A.clean(cell.innerText) : null;
  };
  // beyond tells what a post in a list hints at and does not show: how many comments, a text that goes on elsewhere, nothing but a title.
  A.beyond = (el, kids, permalink, said) => {
    const out = { comments: null, offers: false, able: false, cut: said.split('\n').some((l, i, all) => ellipsis.test(l) && all.slice(i + 1).every((x) => x.length < 40)), title: false };
    const inKid = (x) => kids.some((c) => A.inside(x, c));
    const own = permalink ? plain(permalink) : '';
    let titled = '';
    out.comments = columned(el);
    for (const e of A.within(el, 'a[href],button,[role=button],[role=link],summary').slice(0, 200)) {
      if (inKid(e) || e.localName !== 'a' && A.holder(e)) continue;
      const label = e.getAttribute('aria-label') || e.title || '', t = A.clean(e.textContent), both = A.clean(label + ' ' + t);
      const leads = e.localName === 'a' && own && /^https?:/i.test(e.href) && plain(e.href) === own;
      if (e.localName !== 'a' || leads) {
        if (both.length < 90 && (talk.test(both) || A.numbered(e))) {
          const of = /\d\s(?:av|of|\/)\s(\d+)/iu.exec(t); // how many of all are shown
          const n = of ? +of[1] : count(label.match(/\d/) ? label : t);
          if (n !== null) out.comments = Math.max(out.comments || 0, n);
          else if (none.test(t || label)) out.comments = Math.max(out.comments || 0, 0);
          else if (leads) out.offers = true;
          else out.able = true;
          continue;
        }
      }
      if (!leads) continue;
      if (onwards.test(t) || onwards.test(label) && label.length < 80) out.cut = true;
      else if (t.length > 8 && !A.looksLikeTime(t)) titled += ' ' + t;
    }
    // who answered last, and when, is nothing that the post says
    const s = words(said.split('\n').filter((l) => !A.looksLikeTime(l) && !/^(?:av|by|von|fra|från|from)\s+\p{Lu}[^.!?]{1,50}$/u.test(l)).join(' '));
    const h = A.within(el, 'h1,h2,h3,h4').find((x) => !inKid(x) && shown(x) && own && [x.closest('a[href]'), x.querySelector('a[href]')].some((a) => a && plain(a.href) === own));
    if (h && A.clean(h.innerText).length < 300 && !A.looksLikeTime(A.clean(h.innerText))) out.head = A.clean(h.innerText);
    out.title = !!titled && (!s || words(titled).includes(s));
    return out;
  };

  // awaits tells of comments that go under pages of their own how many answers the links to these count: it fills in their counters.
  A.awaits = (data) => {
    const own = new Map(data.filter((k) => k.d.permalink && plain(k.d.permalink) !== plain(location.href)).map((k) => [plain(k.d.permalink), k]));
    if (!own.size) return;
    const els = new Set(data.map((k) => k.el));
    const near = (el) => { const n = el.nextElementSibling; return [...A.within(el, 'a[href]'), ...(n && !els.has(n) && n.getElementsByTagName('*').length < 40 ? [n, ...n.querySelectorAll('a[href]')].filter((a) => a.matches('a[href]')) : [])]; };
    for (const a of new Set([...own.values()].flatMap((k) => near(k.el)))) {
      const t = A.clean(a.textContent), label = a.getAttribute('aria-label') || '', both = A.clean(label + ' ' + t);
      if (both.length > 60 || !/\d/.test(both) || !/^https?:/i.test(a.href) || a.host !== location.host || !(talk.test(both) || A.numbered(a)) || A.looksLikeTime(t)) continue;
      const k = own.get(plain(a.href)), n = k ? count(/\d/.test(label) ? label : t) : null;
      if (n && n < 10000 && !/^(?:komment|comment)\p{L}*\s(?:av|by|från|from)\s/iu.test(both)) k.d.reactions = { likes: null, shares: null, comments: Math.max(n, (k.d.reactions || {}).comments || 0) };
    }
  };

  let main = null, box = null, strong = false, began = '', dialogOnly = false;
  // visitDialog says that the post is the one that stands open in a dialog.
  A.visitDialog = () => { dialogOnly = true; main = null; return true; };
  // visitTalk says that a dialog stands open with a post's comments, and perhaps with the post; visitList that the list is read again.
  let talkOnly = false;
  A.visitTalk = () => { talkOnly = true; return A.visitDialog(); };
  A.visitList = () => { talkOnly = dialogOnly = false; main = null; return true; };
  const relatedTo = (el) => !!el.closest(aside) && !(main && main.closest(aside));
  // here are the addresses under which the page itself goes.
  const here = () => {
    const out = new Set([plain(location.href)]);
    for (const e of [document.querySelector('link[rel~=canonical]'), document.querySelector('meta[property="og:url"]')]) { const u = e && (e.href || e.content); if (u && plain(u).includes('/')) out.add(plain(u)); }
    return out;
  };
  // tally is what stands over comments and is no heading by its markup: their number, or that they are comments.
  const tally = /^(?:\d[\d\s\u00a0.,]*(?:k|tn)?\s*(?:kommentar(?:er)?|comments?|kommen(?:tt|ti)\p{L}*|svar|repl(?:y|ies)|vastau\p{L}*)|(?:kommentarer|comments|kommentit|replies)(?:\s*[(·:]?\s*\d+\)?)?)\s*:?$/iu;
  const tallies = (root) => A.within(root, 'h2,h3,h4,h5,[role=heading],div,span,p,b,strong').filter((e) => e.children.length < 3 && e.textContent.length < 60 && tally.test(A.clean(e.textContent)) && shown(e));
  // grow finds the post below root where nothing marks it up: from its heading and its text outwards, as long as nothing else comes in.
  const grow = (root) => {
    const says = (e) => began && words(e.textContent).includes(began);
    const heads = A.within(root, 'h1').filter((h) => shown(h) && !h.closest(outside));
    const title = heads.find((h) => began && (began.startsWith(words(h.textContent).slice(0, 30)) || says(h))) || heads[0];
    let seed = null;
    if (says(root)) for (seed = root; ;) { const k = Array.from(A.kids(seed)).find((x) => x.nodeType === 1 && !x.matches(outside) && says(x) && shown(x)); if (!k) break; seed = k; }
    if (title && (!seed || !A.inside(seed, title))) { if (!seed) seed = title; else while (seed && seed !== root && !A.inside(title, seed)) seed = A.parent(seed); }
    if (!seed || seed === root) return root;
    const foreign = new Set([...tallies(root), ...A.within(root, commentish + ',textarea,nav,aside,[id=respond],[id=comments]'), ...A.within(root, 'h2,h3,h4').filter((h) => related.test(A.clean(h.innerText)) && A.clean(h.innerText).length < 60)]);
    const alone = (p) => !Array.from(foreign).some((f) => A.inside(f, p)) && A.marks(p).length < 2;
    let e = seed;
    for (let p = A.parent(e); p && p !== root && A.inside(p, root) && alone(p); p = A.parent(p)) e = p;
    return e === title || A.clean(e.innerText).length < A.clean((title || e).innerText).length + 20 ? root : e;
  };
  // headed is the piece that the page's own heading stands right before, where that is how the post began in the list.
  const headed = (h, cands) => {
    const title = A.all('h1').find((x) => { const t = words(x.textContent); return t.length >= 8 && h.startsWith(t.slice(0, 40)) && shown(x) && !x.closest(outside); });
    const e = title && cands.find((c) => c.matches(semantic) && after(title, c));
    if (!e) return null;
    const between = document.createRange();
    between.setStartAfter(title);
    between.setEndBefore(e);
    return A.clean(between.toString()).length < 80 && !tallies(document.body).some((x) => after(title, x) && after(x, e)) && !relatedTo(e) ? e : null;
  };
  // opening is the first of several pieces in a row that are all alike, where nothing on the page has a time before it: in a forum the question stands in one
  // list with its answers.
  const opening = (says) => {
    const list = A.find(), m = A.marks(document.body).find((x) => A.visible(x) && !x.closest(outside));
    return A.how() === 'shape' && list.length >= 2 && m && A.inside(m, list[0]) && says(list[0]) && !list[0].matches(commentish) && !relatedTo(list[0]) && list.every((e) => e.localName === list[0].localName) ? list[0] : null;
  };
  // stamped is the piece whose time leads to the very page it stands on, where other pieces stand beside it.
  const stamped = (wanted, says) => {
    const marks = A.marks(document.body).filter((m) => A.visible(m) && !m.closest(outside) && !A.weak(m));
    const own = marks.filter((m) => { const a = m.closest('a[href]'); return !!a && !/#./.test(a.href) && wanted.has(plain(a.href)); });
    if (own.length !== 1 || marks.length < 2) return null;
    const e = piece(own[0], marks);
    return e !== own[0] && says(e) && !relatedTo(e) ? e : null;
  };
  // piece is the largest box around a time that holds no other.
  const piece = (m, marks) => {
    let e = m;
    for (let p = A.parent(e); p && p !== document.body && !p.matches('main,[role=main]') && !marks.some((o) => o !== m && A.inside(o, p)); p = A.parent(p)) e = p;
    return e;
  };
  // lone is the piece that begins as is known and goes under no other address: on a comment's own page the comment.
  const lone = (says) => {
    const marks = A.marks(document.body).filter((m) => A.visible(m) && !m.closest(outside));
    return !began ? null : marks.map((m) => piece(m, marks)).find((e) => { const p = A.permalink(e); return says(e) && (!p || here().has(plain(p))) && !relatedTo(e); }) || null;
  };
  let answer = false;
  // visitAnswer says that the page is that of a comment, with its answers.
  A.visitAnswer = () => { answer = true; main = null; return true; };
  let later = null;
  // visitLater says that the page is a further one of the comments of a post with the given time, as written and in ms; the post may not stand on it.
  A.visitLater = (text, at) => { later = { text, at }; main = null; return true; };
  const lacksPost = () => !!later && !strong && !A.marks(document.body).some((m) => { const w = A.when(m); return later.text && w.text === later.text || later.at && w.datetime && Math.abs(Date.parse(w.datetime) - later.at) < 60000; });
  // findMain finds the post on its own page. hint is how its text begins in the list.
  const findMain = (hint) => {
    if (main && main.isConnected && (!dialogOnly || A.inside(main, A.postDialog() || document.body))) return main;
    if (dialogOnly) {
      box = A.postDialog() || document.body;
      began = talkOnly ? words(hint).slice(0, 40) : '';
      const holds = (e) => shown(e) && (!began || words(e.textContent).includes(began));
      main = A.within(box, semantic).find(holds) || box;
      strong = !talkOnly;
      return main;
    }
    const wanted = here(), h = began = words(hint).slice(0, 40);
    const says = (el) => !h || words(el.textContent).includes(h);
    const whole = (d) => { const r = d.getBoundingClientRect(); return r.width * Math.min(r.height, innerHeight) > innerWidth * innerHeight * 0.6 && A.marks(d).length > 0 && !A.loginish(d).pw; };
    const dialog = A.all('dialog[open],[role=dialog],[aria-modal=true]').find((d) => shown(d) && (h ? says(d) : whole(d)));
    let cands = Array.from(new Set([...A.find(), ...A.all((A.rules.post ? A.rules.post + ',' : '') + semantic)])).filter((e) => shown(e) && !e.closest(outside) && !e.matches(commentish) && !A.parent(e).closest(commentish));
    if (dialog) cands = cands.filter((e) => A.inside(e, dialog));
    cands.sort((a, b) => (after(a, b) ? -1 : 1));
    const own = cands.filter((e) => { const p = A.permalink(e); return p && (!/#./.test(p) || p.split('#')[1] === location.hash.slice(1)) && wanted.has(plain(p)); }); // an address within this page is a comment's
    const area = (e) => { const r = e.getBoundingClientRect(); return r.width * r.height; };
    strong = true;
    main = own.find(says) || own[0];
    if (!main) main = cands.find((e) => { const p = A.permalink(e); return !!p && [...wanted].some((w) => plain(p).startsWith(w + '/')); }); // the first of a topic
    if (!main) {
      const titled = (e) => A.within(e, 'h1,h2').some((x) => { const t = words(x.textContent); return t.length >= 8 && h.startsWith(t.slice(0, 40)); });
      let rest = cands.filter((e) => e.matches(semantic) && says(e) && !relatedTo(e));
      if (!rest.length && h) rest = cands.filter((e) => e.matches(semantic) && titled(e) && !relatedTo(e)); // its time may stand between its title and its text
      if (!rest.length && h) rest = cands.filter((e) => e === headed(h, cands)); // its title may stand before it
      main = rest.find((e) => e.querySelector('h1')) || rest.sort((a, b) => area(b) - area(a))[0];
    }
    if (!main && !dialog) main = stamped(wanted, says);
    if (!main && answer) main = lone(says);
    if (!main && h && !dialog && !later && !answer) main = opening(says);
    if (!main) {
      strong = false;
      main = grow(dialog || A.all('main,[role=main]').find(shown) || document.body);
    }
    box = dialog || main.closest('main,[role=main]') || document.body;
    return main;
  };

  // ownTime says that a time links to the very page it stands on: the post's own, written once more.
  A.ownTime = (m) => { const a = main && m.closest('a[href]'); return !!a && !/#./.test(a.href) && here().has(plain(a.href)); };

  // offers are short lines that are no headings by their markup and say that other posts follow.
  const other = /^(?:relaterade?|related|liknande|similar|rekommenderade?|recommended|föreslagna|suggested|fler|flere|more|andra|other|lignende|anbefal(?:te|ede)|suositel\p{L}*|samankaltais\p{L}*|aiheeseen liittyv\p{L}*|lisää)\s(?:\p{L}+\s){0,2}(?:trådar|threads?|inlägg|posts?|nyheter|news|artiklar|articles|videor|videos?|innlegg|opslag|tråder|tråde|julkaisu\p{L}*|ketju\p{L}*)$/iu;
  const offers = () => A.within(box, 'div,span,p,b,strong').filter((e) => !e.childElementCount && e.textContent.length < 60 && other.test(A.clean(e.textContent)) && !A.button(e) && !e.closest('a[href]') && after(main, e) && shown(e));
  // belowRelated tells what the last of some headings before it puts among other posts that the page offers.
  const belowRelated = (heads) => {
    const offers = heads.map((x) => ({ x, is: (related.test(A.clean(x.innerText)) || other.test(A.clean(x.innerText))) && !talk.test(A.clean(x.innerText)) }));
    return (c) => { let last = null; for (const h of offers) if (after(h.x, c)) last = h; return !!last && last.is; };
  };
  // thread lists the comments that stand outside the post, after it, in order.
  const thread = (mark) => {
    const middle = main.getBoundingClientRect();
    const beside = (c) => { const r = c.getBoundingClientRect(); return r.right < middle.left + 20 || r.left > middle.right - 20; };
    const ok = (c) => c !== main && !A.inside(c, main) && !A.inside(main, c) && after(main, c) && shown(c) && !c.closest(outside) && !relatedTo(c) && !beside(c) && A.clean(c.innerText).length > 0 && !/(respond|form|reply-?to)/i.test(c.id) && !underRelated(c);
    const heads = [...A.within(box, 'h1,h2,h3,h4,[role=heading]').filter((x) => !A.inside(x, main) && after(main, x) && !x.closest(commentSel)), ...offers()].sort((a, b) => (after(a, b) ? -1 : 1));
    const underRelated = belowRelated(heads);
    // A piece headed by a link to a page of its own is another post, not an answer to this one.
    const another = (c) => {
      if (c.matches(commentish)) return false;
      const own = A.permalink(c), at = own.split('#')[1], anchor = at && document.getElementById(at);
      if (anchor && (A.inside(anchor, c) || A.inside(c, anchor)) && !A.inside(main, anchor)) return false; // the address of this very piece
      return !!own && A.within(c, 'a[href]').some((a) => plain(a.href) === plain(own) && !A.looksLikeTime(A.clean(a.innerText)) && (a.closest('h1,h2,h3,h4') || A.clean(a.innerText).length > 11 && !/länk|link|lenke|linkki/i.test(a.innerText) && !talk.test(a.innerText)));
    };
    let els = A.within(box, (A.rules.comment ? A.rules.comment + ',' : '') + commentSel).filter(ok);
    els = els.filter((c) => !another(c) && (A.marks(c).length || c.matches(commentish)));
    if (els.length) {
      const lead = new Map(els.map((c) => [c, A.marks(c)[0] || c]));
      return els.filter((d) => !els.some((c) => c !== d && c.contains(d) && lead.get(c) === lead.get(d)));
    }
    const marks = A.marks(box).filter((m) => A.inside(m, main) || after(main, m) && !m.closest(outside));
    const out = [];
    for (const m of marks) {
      if (A.inside(m, main) || A.weak(m) || underRelated(m)) continue;
      const c = A.around(m, marks, box, mark && !A.inside(mark, m) ? mark : main);
      if (c && ok(c) && !another(c) && !out.includes(c)) out.push(c);
    }
    return out;
  };

  // levels tells how deep comments are nested where the page itself numbers that; null where it does not.
  A.levels = (kids) => {
    const of = (c) => {
      for (const k of ['aria-level', 'data-depth', 'data-level', 'data-indent']) { const v = c.getAttribute(k); if (v !== null && /^\d{1,2}$/.test(v)) return 100 * v; }
      const m = /(?:^|\s)(?:depth|level|indent)-(\d{1,2})(?:\s|$)/.exec(String(c.getAttribute('class')));
      return m ? 100 * m[1] : null;
    };
    return kids.length && kids.every((c) => of(c) !== null) && kids.some((c) => of(c) !== of(kids[0])) ? of : null;
  };
  // threadHead is what stands over the comments: their number, or a container that is called so.
  const threadHead = () => tallies(main).find((x) => {
    if (began && words(x.textContent).includes(began)) return false;
    const n = count(A.clean(x.textContent)); // a number in the post's head is followed by the post's own time, too
    return n === null || A.marks(main).filter((m) => after(x, m) && !A.weak(m)).length <= n;
  }) || A.within(main, 'h1,h2,h3,h4,[role=heading],[class*=comment i],[id*=comment i],[class*=kommentar i],[id*=kommentar i]').find((x) => {
    if (!shown(x) || x.querySelector('h1') || began && words(x.textContent).includes(began)) return false;
    return /^h\d$/.test(x.localName) || x.getAttribute('role') === 'heading' ? talk.test(A.clean(x.innerText)) && A.clean(x.innerText).length < 60 : A.marks(x).length > 0;
  });

  // besides lists what stands in the same element as the post on its own page and is none of it: ways to other pages, forms, and everything
  // from the heading over the comments or over other posts on.
  A.besides = (el) => {
    if (el !== main || !main) return [];
    const out = A.within(main, 'nav,aside,footer,form,[role=navigation],[role=complementary]');
    const title = main.querySelector('h1'), kids = A.commentsCache.get(main) || [];
    const lists = (h) => { let n = 0; for (let e = h.nextElementSibling, i = 0; e && i < 4; e = e.nextElementSibling, i++) n += e.querySelectorAll('a[href]').length; return n >= 2 || !!(h.parentElement && h.parentElement !== main && h.parentElement.querySelectorAll('a[href]').length >= 2); };
    // Nothing that the post could say may follow before the comments do.
    const clear = (h) => {
      let n = 0;
      const w = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      w.currentNode = h;
      for (let t = w.nextNode(); t && n < 120; t = w.nextNode()) {
        const p = t.parentElement;
        if (h.contains(t)) continue;
        if (kids.some((k) => A.inside(p, k)) || p.closest('h1,h2,h3,h4,form,nav')) break;
        if (!p.closest('a,button,aside,script,style,label')) n += A.clean(t.data).length;
      }
      return n < 120;
    };
    const head = [...new Set([...A.within(main, 'h2,h3,h4,h5,[role=heading],[id=respond],[id=comments]'), ...tallies(main)])].sort((a, b) => (after(a, b) ? -1 : 1)).find((h) => {
      if (kids.some((k) => A.inside(h, k)) || title && !after(title, h) || began && words(h.textContent).includes(began)) return false;
      if (h.id === 'respond' || h.id === 'comments') return true;
      const t = A.clean(h.innerText);
      return t.length < 160 && (talk.test(t) && talkHead.test(t) && clear(h) || related.test(t) && t.length < 60 && lists(h));
    });
    for (let e = head; e && e !== main; e = A.parent(e)) for (let s = e; s; s = s.nextElementSibling) if (s === head || s !== e) out.push(s);
    return out;
  };

  const stamp = () => {
    const found = [];
    for (const root of [main, document]) for (const m of root.querySelectorAll('meta[itemprop=datePublished],meta[itemprop=uploadDate],meta[itemprop=dateCreated],meta[property="article:published_time"],meta[property="og:published_time"],meta[property="og:video:release_date"]')) if (m.content) found.push({ at: m.content, source: 'datetime' });
    const dig = (o, depth) => {
      if (!o || typeof o !== 'object' || depth > 5) return;
      if (Array.isArray(o)) { for (const x of o) dig(x, depth + 1); return; }
      if (/Article|Posting|VideoObject|CreativeWork|NewsArticle|ImageObject/.test(String(o['@type'])) && (o.datePublished || o.uploadDate)) found.push({ at: o.datePublished || o.uploadDate, source: 'json-ld' });
      for (const k of ['@graph', 'mainEntity', 'itemListElement']) dig(o[k], depth + 1);
    };
    for (const o of A.jsonLD()) dig(o, 0);
    return found.slice(0, 4);
  };
  // titleOf is the page's own heading, where it stands in the post or right before it.
  const titleOf = () => { const h = main.querySelector('h1') || A.all('h1').find((x) => shown(x) && after(x, main) && !x.closest(outside)); return h ? A.clean(h.innerText) : ''; };
  const untitled = (title, name) => (name && title.startsWith(name + ' ') && main.querySelector('h1 a[href]') ? title.slice(name.length).trim() : title);

  // unnamed is a text without the name that a caption repeats as a link before what it says.
  const unnamed = (post) => {
    const t = post.text, n = post.author;
    if (!n || !t.startsWith(n) || t.length < n.length + 2) return t;
    const twice = A.within(main, 'a[href]').filter((a) => A.clean(a.innerText) === n && shown(a)).some((a) => {
      let p = a;
      while (p && p !== main && /^inline/.test(A.css(p).display)) p = A.parent(p);
      const line = p ? A.clean(p.innerText) : '';
      return line.length > n.length + 1 && line.slice(0, n.length + 12) === A.clean(t).slice(0, n.length + 12);
    });
    return twice ? t.slice(n.length).trim() : t;
  };
  // about is what else the page says of the post: its text without who, how many and when.
  const fact = /^(?=.*\d)[\d\s\u00a0.,·•|]*(?:k|tn|mn|m|tusen|milj\.?)?\s*(?:prenumerant|subscriber|följare|follower|abonnent|tilaaja|visning|view|katselu|gilla|like|kommentar|comment|svar|repl)[\p{L}-]*(?:\s*[·•|–-]?\s*.{0,40}\d.{0,20})?$/iu;
  const about = (post) => unnamed(post).split('\n').filter((l) => !fact.test(l.trim()) && !/^[▶►▸⏵⏸❚×✕✖•·|…]+$/u.test(l.trim()) && words(l) !== words(post.author) && !A.looksLikeTime(l.trim())).join('\n').replace(/\n{3,}/g, '\n\n').trim();

  const ability = () => A.within(box, 'form,textarea,[contenteditable=true]').some((f) => /comment|kommentar|svar|reply|respond/i.test((f.id || '') + ' ' + (f.getAttribute('action') || '') + ' ' + (f.getAttribute('name') || '') + ' ' + (f.getAttribute('aria-label') || '') + ' ' + (f.placeholder || '') + ' ' + String(f.className)));

  // published is the time that the page says by itself to be that of its publishing, wherever it stands; null where there is none, or several.
  const publish = /^(?:publicera(?:d|t|des)|published|posted|publisert|offentliggjort|julkaistu|veröffentlicht)(?: (?:on|den|am))?\s*:?\s+(.{6,40})$/i;
  const published = () => {
    const times = A.all('p,span,div,small,dd,li,time').filter((e) => e.children.length < 3 && e.textContent.length < 70 && shown(e) && !relatedTo(e) && !e.closest(commentSel)).map((e) => publish.exec(A.clean(e.innerText))).filter((m) => m && A.looksLikeTime(m[1])).map((m) => m[1]);
    return times.length && times.every((t) => t === times[0]) ? { datetime: '', epoch: '', titles: [], text: times[0] } : null;
  };

  const heeded = new WeakSet();
  // visitRead reads the post and its comments as they stand in the document now. Where the post shows no time, short dates are read for once, too.
  A.visitRead = (hint) => {
    const had = reading(hint);
    if (had.post.when || A.lenient || talkOnly || later || heeded.has(main)) return had;
    heeded.add(main);
    A.lenient = true;
    const got = reading(hint);
    if (got.post.when) return got;
    A.lenient = false;
    return reading(hint);
  };
  const reading = (hint) => {
    findMain(hint);
    if (!strong && !A.marks(main).length && !A.lenient) { A.lenient = true; main = null; findMain(hint); } // its time may be a paragraph
    A.marked.length = 0;
    // Where the post's own time cannot be read, the first time in sight is a comment's.
    const over = threadHead(), lead = A.marks(main)[0];
    const alone = talkOnly && !words(main.textContent).includes(began) || lacksPost(); // comments without their post
    A.markless = alone || over && lead && (A.inside(lead, over) || after(over, lead)) ? main : null;
    const heads = A.within(main, 'h2,h3,h4,[role=heading]').filter((x) => shown(x) && !x.closest(commentSel));
    const underRelated = belowRelated(heads);
    A.noTalk = (m) => relatedTo(m) || underRelated(m);
    A.titled = A.within(main, 'h1').find((h) => { const t = words(h.textContent); return t.length >= 8 && began && (began.startsWith(t.slice(0, 30)) || t.startsWith(began.slice(0, 40))); }) || null;
    const post = A.read(main, false);
    A.noTalk = A.titled = null;
    if (!post.when && !talkOnly) post.when = published();
    post.text = alone ? '' : about(post);
    if (alone && later) Object.assign(post, { author: '', author_url: '', handle: '', when: null, links: [] });
    const mark = post.mark >= 0 ? A.marked[post.mark] : null;
    const inner = A.commentsCache.get(main) || [];
    const outer = thread(mark);
    A.nested = outer;
    post.comments = post.comments.concat(A.nest(outer));
    A.nested = [];
    const kids = [...inner, ...outer];
    const r = A.rect(main), boxes = [];
    let end = r.y + r.h;
    for (const k of kids) { const q = A.rect(k); end = Math.max(end, q.y + q.h); }
    const walk = (list) => {
      for (const d of list) {
        d.text = d.text.replace(says, '');
        const m = A.marked[d.mark];
        let own = null;
        for (const k of kids) if (m && A.inside(m, k) && (!own || A.inside(k, own))) own = k;
        const q = own ? A.rect(own) : null;
        boxes.push(q ? [q.y, q.y + q.h] : null);
        walk(d.comments);
      }
    };
    walk(post.comments);
    let claimed = post.reactions && post.reactions.comments;
    if (claimed === null || claimed === undefined) {
      const b = A.beyond(main, kids, post.permalink, '');
      claimed = b.comments;
      const head = [...tallies(box), ...A.within(box, 'h1,h2,h3,h4,[role=heading],[class*=comment i],[id*=comment i]')].find((x) => (A.inside(x, main) || after(main, x)) && !kids.some((k) => A.inside(x, k) || A.inside(k, x)) && A.clean(x.innerText).length < 90 && talk.test(A.clean(x.innerText)) && /^\D{0,20}\d/.test(A.clean(x.innerText)));
      if (claimed === null && head) claimed = count(A.clean(head.innerText));
    }
    return { post, boxes, claimed: claimed === undefined ? null : claimed, top: r.y, bottom: end, strong, able: ability() || kids.length > 0, title: talkOnly ? '' : untitled(titleOf(), post.author), headed: !!main.querySelector('h1'), stamps: talkOnly ? [] : stamp(), url: location.href, height: A.height() };
  };

  const state = () => document.getElementsByTagName('*').length + ':' + (document.body ? document.body.textContent.length : 0) + ':' + A.height();
  // visitState tells whether the page still changes or says that it loads something.
  A.visitState = () => ({ state: state(), busy: !!document.querySelector('[aria-busy=true],[role=progressbar]') && A.busy(document.body) });
  // visitOpen presses what shows more of the post and its comments, and tells what was pressed.
  A.visitOpen = async (hint, limit) => {
    findMain(hint);
    const until = performance.now() + limit, done = await A.open(box, limit);
    return [...done, ...await A.openAgain(box, until - performance.now())];
  };
  const panes = () => (main ? [main, ...A.within(main, '*'), ...(box && box !== document.body ? [box] : [])] : []).filter((e) => e.scrollHeight > e.clientHeight + 8 && e.clientHeight > 60 && /(auto|scroll|overlay)/.test(A.css(e).overflowY));
  // visitUnclip makes panes that scroll by themselves as high as what they hold, so that a picture of the page shows it; it tells how many, and the page's height.
  const unclipped = [];
  // loosen notes how an element of a dialog looks before it is made as high as what it holds.
  A.loosen = (e) => { if (talkOnly) unclipped.push([e, e.getAttribute('style')]); };
  // visitReclip gives them their own height again: the same pane may show another post's comments next, and load them as it is scrolled.
  A.visitReclip = () => { for (const [e, style] of unclipped.splice(0).reverse()) if (style === null) e.removeAttribute('style'); else e.setAttribute('style', style); };
  A.visitUnclip = () => {
    const list = panes();
    const free = (e) => { A.loosen(e); for (const [k, v] of [['overflow', 'visible'], ['max-height', 'none'], ['height', 'auto'], ['flex', 'none']]) e.style.setProperty(k, v, 'important'); };
    for (const p of list) {
      const h = p.scrollHeight;
      p.scrollTop = 0;
      free(p);
      p.style.setProperty('min-height', h + 'px', 'important');
      for (let e = A.parent(p), i = 0; e && e !== document.body && i < 30; e = A.parent(e), i++) {
        if (e.scrollHeight > e.clientHeight + 4 && e.clientHeight > 0) free(e);
        if (e === box) break;
      }
    }
    const r = A.rect(main);
    return { panes: list.length, top: r.y, bottom: r.y + r.h, height: A.height() };
  };
  A.visitSlides = (limit) => A.slides(main, limit);
  // visitDown scrolls a piece further down; it tells whether the end was reached.
  A.visitDown = () => {
    let slid = false;
    for (const e of panes()) { const y = e.scrollTop; e.scrollTop = e.scrollHeight; slid = slid || e.scrollTop > y + 1; e.dispatchEvent(new Event('scroll', { bubbles: true })); }
    if (talkOnly) return { end: true, moved: slid, busy: A.busy(box) }; // the list below stays where it is
    const y = window.scrollY, max = Math.max(0, A.height() - window.innerHeight), inner = panes().length > 0;
    window.scrollTo({ top: Math.min(max, y + window.innerHeight * 0.85), left: 0, behavior: 'instant' });
    document.dispatchEvent(new Event('scroll', { bubbles: true }));
    return { end: window.scrollY >= A.height() - window.innerHeight - 2, moved: inner || Math.abs(window.scrollY - y) > 1, busy: A.busy(document.body) };
  };
  const paging = /\/[\p{L}-]*(?:page|sida|side|sivu|seite)[-/]?\d+\/?$/iu; // with which an address of a page of comments ends
  // visitPages lists further pages of the same post's comments.
  A.visitPages = () => {
    const own = new URL(location.href), bare = (path) => path.replace(paging, '').replace(/\/+$/, ''), stem = bare(own.pathname);
    const out = [];
    for (const a of A.within(box || document.body, 'a[href]')) {
      if (a.host !== own.host || !/^https?:/.test(a.href)) continue;
      const u = new URL(a.href), t = A.clean(a.textContent) + ' ' + (a.getAttribute('aria-label') || '');
      u.hash = '';
      if (u.href === own.href.split('#')[0] || bare(u.pathname) !== stem) continue;
      const paged = paging.test(u.pathname) || /[?&](?:cpage|comments?_?page|kommentarsida)=/i.test(u.search);
      const sorted = /[?&](?:page|p|sida|start|offset|paged)=/i.test(u.search) && u.search !== own.search && (a.rel && /next|prev/.test(a.rel) || /(äldre|nyare|older|newer|nästa|next|föregående|previous|eldre|ældre|nyere|forrige|neste|næste|vanhem|uudem)/i.test(t) || /^\s*\d+\s*$/.test(t));
      if (/replytocom/i.test(u.search) || !(paged || sorted)) continue;
      if (!out.includes(u.href)) out.push(u.href);
    }
    return out;
  };
})();
