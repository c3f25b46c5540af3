// Opening what is closed: more text, more comments, replies, warnings. Only buttons that show something are pressed; roles come before words.
(() => {
  'use strict';
  const A = arsring;

  const never = /(^|\s)(gilla|gillar|like|liker|lik|synes godt|tykkää|följ|följa|follow|følg|seuraa|dela|share|del|jaa|skicka|send|lähetä|publicera|publish|posta|köp|buy|kjøp|køb|osta|radera|delete|slett|slet|poista|ta bort|remove|fjern|rapportera|report|rapporter|ilmoita|anmäl|logga|log|sign|registrera|skapa|create|prenumerera|subscribe|abonner\p{L}*|tilaa|donera|swisha|blockera|block|dölj|hide|skjul|piilota|spara|save|redigera|edit|rediger|muokkaa|repost\p{L}*|retweet\p{L}*|boosta?|favorit\p{L}*|bokmärk\p{L}*|bookmark|översätt|translate|oversett|oversæt|käännä|avvisa|godkänn|acceptera|accept|boka|beställ|rösta|vote|stem|äänestä|reagera|react|gefällt mir|teilen|folgen|senden|melden|löschen|abonnieren|kommentieren|kopiera|copy|citera|quote|ring|call|ladda ned|ladda ner|download)(\s|$|[:,.!?])/iu;
  const reply = /^(?:svara|reply|antworten|kommentieren|svar|besvar|vastaa|kommentera|comment|komment[eé]r|kommentoi|skriv .*|write .*|(?:svara?|reply|besvar|vastaa) ?\(\d+ \p{L}+\))$/iu;
  // a count that names the act of answering ("3 svar. Svara") opens a form, not the answers
  const verb = /^(?!visa|se |läs|show|view|see|vis |les |hämta|ladda|load)(?=.*(?:^|[\s.,·])(?:svara|reply|kommentera|comment|besvar|vastaa|komment[eé]r|kommentoi)(?:[\s.,!]|$))/i;
  const less = /(mindre|färre|less|fewer|dölj|stäng|close|minimera|collapse|vähemmän|skjul|lukk)/i;
  const moreText = /^[\s….]*(?:visa|se|läs|vis|les|læs|show|see|read|view|näytä|lue|katso)?\s*(?:mer|mera|meir|more|mere|lisää|enemmän|koko julkaisu|hele innlegget|hele opslaget|čájet eanet|whole post|full post|hela (?:inlägget|texten)|resten|fortsättning(?:en)?|allt|full text|continue reading|continue)[\s….]*$/i;
  const showing = 'visa|se|läs|hämta|ladda|fler|alla|tidigare|äldre|föregående|view|show|see|load|more|all|previous|earlier|older|vis|fleire|flere|tidlegare|tidligere|førre|forrige|alle|næste|neste|hent|last inn|näytä|lisää|aiemm\\p{L}*|kaikki|edelli\\p{L}*|lataa|katso|čájet';
  const moreComments = new RegExp('(?:\\d+|' + showing + '|weitere|mehr|ältere|frühere|vorherige).{0,30}(?:kommentar|kommentár|comment|kommen(?:tt|ti)|svar|repl|vastau|vástádus)', 'iu');
  // shows begins the name of what shows something, and not that of an act.
  const shows = new RegExp('^[^\\p{L}\\d]*(?:\\d|(?!ladda ne[rd])(?:' + showing + '|read|indlæs|lue)(?!\\p{L}))', 'iu');
  const justComments = /^\s*\d+\s*(?:kommentar|comment|kommen(?:tt|ti)|svar|repl|vastau)\p{L}*\s*$/iu;
  const talkSign = /^(?:[💬🗨🗪]\ufe0f?\s*\d+|\d[\d\s.,]*\snotes?)$/iu;
  // A thread, or its number of answers, by other names.
  const thread = /^(?:(?:öppna|visa|läs|se|open|show|read|view|expandera|expand|åpne|åbn|vis|les|læs)\s+(?:alla\s+)?(?:kommentar\p{L}*|comments?|kommen(?:tt|ti)\p{L}*|tråd\p{L}*|thread|konversation\p{L}*|conversation|samtal\p{L}*|diskussion\p{L}*)(?:\s*\(\d+\))?|(?:kommentar\p{L}*|comments?|svar|replies|konversation\p{L}*|conversation|diskussion\p{L}*|kommentarsfält\p{L}*)(?:\s*\(\d+[^()]{0,12}\))?|[+\s]*(?:(?:visa|se|show|view|see|vis|näytä)\s+)?(?:(?:ytterligare|another)\s+\d+|\d+\s(?:till|fler|more|flere|fleire|mere))|[💬🗨🗪]\ufe0f?\s*\d+|\d[\d\s.,]*\snotes?)$/iu;
  const bareMore = /^(?:mer|mera|meir|more|mere|lisää|enemmän)$/i, bareShow = /^(?:visa|show|view|vis|näytä|anzeigen|afficher|mostrar|mostra|toon)$/i;
  const moreWord = /^(?:visa|se|ladda|läs in|hämta|show|see|load|view|vis|last inn|hent|indlæs|näytä|lataa)?\s*(?:fler|flere|fleire|more|lisää|ytterligare)(?:\s+(?:\d+|svar|kommentara?r|kommentarer|replies|comments))?[\s….]*$/i;
  const reveal = /(visa (?:innehåll|ändå|inlägg|bild|media)|show (?:content|anyway|post|media|sensitive)|känsligt innehåll|sensitive content|vis innhold|vis indhold|näytä sisältö|klicka för att visa|click to (?:view|show|reveal)|spoiler)/i;
  // again is what asks once more for what did not come.
  A.again = /^[\s↻⟳🔄]*(?:försök (?:igen|på nytt)|prova igen|try again|retry|prøv (?:igjen|igen|på nytt)|yritä (?:uudelleen|uudestaan)|erneut versuchen|nochmals? versuchen|opnieuw proberen|probeer opnieuw|réessayer|reintentar|intentar de nuevo|tentar novamente|riprova|spróbuj ponownie|zkusit znovu|повторить|попробовать (?:ещё раз|снова)|повторити|再試行|重试|重試|다시 시도|أعد المحاولة)[\s!.…↻⟳]*$/iu;
  // The same in languages that are not written in Latin letters, and in some that are. A.worldMore is what also stands below a list.
  A.worldMore = /^(?:(?:voir|afficher|charger) (?:plus|la suite)|lire la suite|(?:ver|mostrar|cargar|leer|carregar|ler) (?:más|mais)|(?:mostra|carica|leggi|vedi) (?:altro|di più)|mehr (?:anzeigen|laden|lesen)|weiterlesen|meer (?:laden|weergeven|tonen|lezen)|(?:pokaż|załaduj|czytaj|zobacz) (?:więcej|dalej)|(?:показать|загрузить|читать|смотреть)? ?(?:ещё|еще|больше|далее|полностью|більше)|もっと(?:見る|読む)|(?:続き|全文)を(?:読む|見る)|さらに(?:表示|見る|読み込む)|더 ?보기|展开|(?:查看|显示|顯示|加载|載入|看)?更多(?:内容|內容)?|(?:عرض|تحميل|قراءة|اقرأ|شاهد)? ?المزيد|(?:הצג|טען|קרא|ראה) עוד|(?:εμφάνιση|δείτε|προβολή) περισσότερ\p{L}*|daha fazla(?: göster| yükle)?)(?:\s?\p{L}+)?[\s….▾▼⌄↓]*$/iu;
  const worldComments = /^(?=.*(?:\d|表示|もっと|見る|すべて|他の|보기|모두|더|查看|显示|顯示|更多|全部|展开|عرض|المزيد|كل|показать|смотреть|ещё|все|הצג|עוד|כל|προβολή|afficher|voir|ver|mostrar|mostra|vedi|anzeigen|bekijk|pokaż|zobacz|göster)).*(?:コメント|返信|댓글|답글|评论|評論|留言|回复|回覆|تعليق|ردود?|комментари|коментар|ответ|відповід|תגוב|σχόλι|απαντήσ|commentaire|réponse|comentario|comentário|respuesta|resposta|comment[oi](?!\p{L})|risposte|antwort(?:en)?|reactie|komentarz|odpowied|yorum)/iu;
  const relevant = /(mest relevanta|mest relevant|most relevant|mest relevante|top comments|toppkommentarer|olennaisimmat|osuvimmat|populäraste)/i;
  const everything = /^(?:alla kommentarer|all comments|alle kommentarer|kaikki kommentit)/i;
  const newest = /^(?:nyast|senaste|newest|nyeste|uusimmat|äldst|oldest)/i;

  // pictured is what a button is called that shows nothing but a picture.
  const pictured = (el) => { const p = el.querySelector('img[alt],[aria-label],svg title'); return p ? p.getAttribute('alt') || p.getAttribute('aria-label') || p.textContent : ''; };
  // A sign alone is what it is called only where nothing says it in words.
  const label = (el) => { const t = el.innerText || el.value || ''; return A.clip(A.clean(el.getAttribute('aria-label') || /[\p{L}\p{N}]/u.test(t) && t || el.title || pictured(el) || t), 140); };
  A.label = label;
  // filled says that an element stands in a form to fill in. One around several posts, or one with nothing to fill in, is no such form.
  const filled = (el) => {
    const form = el.closest('form');
    if (!form || A.holdsPosts(form)) return false;
    return el.localName === 'button' && el.type !== 'button' || Array.from(form.elements).some((f) => (f.localName === 'textarea' || f.localName === 'select' || f.localName === 'input' && !/^(?:hidden|button|submit|image|reset)$/.test(f.type)) && A.visible(f)) || !!form.querySelector('[contenteditable=true]');
  };
  // pressable says whether pressing the element can only show something here: no form is sent, no other page opened.
  A.pressable = (el) => {
    if (A.forbidden(el) || el.disabled || el.getAttribute('aria-disabled') === 'true' || el.getAttribute('aria-pressed') !== null || el.getAttribute('aria-checked') !== null) return false;
    if (el.localName === 'a') {
      const h = el.getAttribute('href');
      if (h && h !== '#' && !/^javascript:/i.test(h) && !(h.startsWith('#') && h.length < 60)) return false;
    }
    if ((el.localName === 'input' || el.localName === 'button') && el.form && (el.type === 'submit' || el.type === 'image' || el.type === 'reset')) return false;
    if (el.localName === 'label' || filled(el) || el.closest('form') && A.sends(el)) return false;
    return A.shown(el);
  };
  const pressed = new WeakMap();
  const promising = (t) => [A.again, moreText, moreComments, justComments, thread, moreWord, reveal, relevant, A.worldMore, worldComments].some((r) => r.test(t));
  const candidates = (root) => {
    const els = A.within(root, 'button,[role=button],[role=link]:not([href]),a:not([href]),a[href="#"],a[href^="javascript:"],summary,[aria-expanded=false],[onclick],[tabindex="0"]')
      .filter((e) => (e.matches('button,a,summary') || e.matches('[role=button],[role=link]') && !A.holder(e)) || !e.querySelector('button,[role=button],a[href],p,article')); // what holds buttons of its own is none
    // What only looks like a button must say so: its words are asked before its style.
    const plain = A.within(root, 'span,div').filter((e) => e.children.length === 0 && e.textContent.length < 60 && e.textContent.length > 2 && promising(A.clean(e.textContent)) && A.css(e).cursor === 'pointer' && !e.closest('a[href],button,[role=button]'));
    return Array.from(new Set([...els, ...plain, ...(A.rules.expand ? A.within(root, A.rules.expand) : [])]));
  };

  // talkButton is what promises comments in a post, or shows their number.
  A.talkButton = (root) => candidates(root).find((el) => A.pressable(el) && wants(el) === 'comments' && !chosen(el)) || null;

  // unwanted says that a button's name is that of an act, or of closing something.
  A.unwanted = (el) => { const t = label(el); return t !== '' && (never.test(t) || reply.test(t) || verb.test(t) || less.test(t)); };

  // numbered says that a button bears the name of the act and the number of those who did it, and nothing else: pressing it shows what they wrote.
  const commenting = /^(?:kommentera|comment|komment[eé]r|kommentoi)$/i;
  A.numbered = (el) => commenting.test(A.clean(el.getAttribute('aria-label') || el.title)) && /^[^\p{L}\d]*[1-9]\d*[^\p{L}\d]*$/u.test(A.clean(el.textContent));

  // wants says why a button should be pressed ('' when it should not).
  const wants = (el) => {
    if (el.matches('article,[role=article]')) return ''; // it can be focused, but pressing it leads away
    const t = label(el);
    if (A.numbered(el)) return 'comments';
    if (t && (never.test(t) && !(shows.test(t) && moreComments.test(t)) || reply.test(t) || verb.test(t) || /^0(?:\D|$)/.test(t) || less.test(t) && !moreComments.test(t))) return '';
    if (A.rules.expand && el.matches(A.rules.expand)) return 'expand';
    if (el.hasAttribute('popovertarget') && /^[^\p{L}\d]*[1-9]\d*[^\p{L}\d]*$/u.test(A.clean(el.textContent))) return 'comments'; // it can do no more than open what it points to
    if (el.getAttribute('aria-haspopup') && el.getAttribute('aria-haspopup') !== 'false' || /^(menu|menuitem|tab|option|combobox|textbox)$/.test(el.getAttribute('role') || '')) return '';
    if (el.localName === 'summary') return el.parentElement && !el.parentElement.open ? 'expand' : '';
    if (!t || t.length > 90) return ''; // so long is no button's name: it is what somebody wrote
    if (bareMore.test(t) && !/\p{L}/u.test(el.innerText || el.value || '')) return ''; // a sign that is called so opens a menu
    if (bareShow.test(t)) { const p = el.parentElement, said = p ? A.clean(p.innerText) : ''; return said.length > t.length && said.length < 200 && moreComments.test(said) ? 'comments' : ''; }
    if (moreText.test(t) || moreText.test(A.clean(el.innerText)) && !never.test(t)) return 'text'; // some are named at length to readers of screens
    if (worldComments.test(t) && !/^antworten$/i.test(t)) return 'comments';
    if (A.worldMore.test(t)) return 'text';
    if (moreComments.test(t) || justComments.test(t) || thread.test(t.replace(/^[▸▹▾►▻▼▶▷⌄˅\s]+/u, '')) && !/^(?:kommentar|comments?)$/i.test(t)) return 'comments';
    if (moreWord.test(t) || A.again.test(t)) return 'comments';
    if (reveal.test(t)) return 'reveal';
    if (el.getAttribute('aria-expanded') === 'false' && el.getAttribute('aria-controls') && t.length < 80) return 'expand';
    return '';
  };

  // showsMore says that a button promises more text.
  A.showsMore = (el) => wants(el) === 'text';

  // opener says that a link leads nowhere and opens something here: it is a button, and no part of a text.
  A.opener = (el) => el.localName === 'a' && el.matches('[href="#"],:not([href]),[href^="javascript:"]') && wants(el) !== '';
  const ordered = new WeakSet(); // where an order was chosen; it is called "all comments" from then on
  const chosen = (el) => { for (let e = el, n = 0; e && n < 3; e = e.parentElement, n++) if (ordered.has(e)) return true; return false; };
  // parts are an element and the shadow trees and frames in it.
  const parts = (root) => (A.treesNow().length < 2 ? [root] : [root, ...[root, ...A.deep(root, '*')].map((e) => A.shadow(e) || A.frameBody(e)).filter(Boolean)]);
  const state = (root) => { let n = 0, t = 0; for (const p of parts(root)) { n += p.querySelectorAll('*').length; t += (p.textContent || '').length; } return n + ':' + t; };
  const linesOf = (root) => parts(root).flatMap((p) => (p.nodeType === 11 ? Array.from(p.children, (k) => k.innerText || '').join('\n') : p.innerText || '').split('\n'));
  // gain counts the different lines that are shown: a button that only repeats what is there already gives none.
  const gain = (root) => new Set(linesOf(root)).size;
  // open presses, below one element, everything that shows more, until nothing is left or the time is up. It returns what was pressed; cut
  // counts the times that the time was up before there was nothing left.
  A.cut = 0;
  // endless counts the buttons that still show more after hundreds of presses.
  A.endless = 0;
  // lag is how many ms the slowest of the last presses took to show something.
  A.lag = 0;
  // proven are the names of buttons, but for their numbers, that go away or change when they have shown what they promise. Several of them are
  // pressed in one post before anything is waited for.
  const proven = new Set();
  const keeping = new Set(); // names that a button keeps while it shows more and more
  // forgot counts the presses that gave nothing beside others and something alone. After two, nothing is pressed beside anything else any more.
  let forgot = 0;
  A.forgets = () => forgot >= 2;
  const atOnce = () => (A.forgets() ? 1 : 6);
  // patience is how many ms a press may take, by what the last ones took.
  const patience = (ms) => Math.min(15000, Math.max(ms, 4 * A.lag));
  const took = (ms) => { A.lag = Math.max(A.lag * 0.9, ms); };
  const kindOf = (why, text) => why + ' ' + text.replace(/\d+/g, '#');
  const face = (el) => (el.isConnected && A.visible(el) ? label(el) + '|' + el.getAttribute('aria-expanded') : '');
  // rows counts the lines that are shown, and those that only say by dots that something is on its way.
  const dotted = /^\s*(?:…|⋯|[.·•]{3,5})\s*$/;
  const dots = (p) => {
    let n = 0;
    const w = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    for (let t = w.nextNode(); t; t = w.nextNode()) if (t.data.length < 12 && dotted.test(t.data) && !t.parentElement.closest('button,[role=button],a[href],[aria-haspopup],[aria-label],[title]') && A.visible(t.parentElement)) n++;
    return n;
  };
  const rows = (root) => ({ n: linesOf(root).filter((l) => l.trim()).length, dots: parts(root).reduce((n, p) => n + dots(p), 0) });
  // came waits for what buttons promised that went away when they were pressed, or left dots, before anything took their place.
  const came = async (root, buttons, r0) => {
    const t0 = performance.now(), limit = patience(2500), goes = () => { const r = rows(root); return r.dots > r0.dots || r.n < r0.n && buttons.some((b) => !b.isConnected); };
    if (!r0 || !goes()) return;
    let went = true;
    for (let s = state(root), last = t0; root.isConnected && (went = goes()) && performance.now() < last + limit; await new Promise((r) => setTimeout(r, 15))) {
      const n = state(root);
      if (n !== s) { last = performance.now(); s = n; }
    }
    if (!went) { await A.changed(root, state(root), 60, Infinity); took(performance.now() - t0); }
  };
  // answered waits until all that was pressed has gone away or changed, and what came has come to rest.
  const answered = async (root, under, s0, r0) => {
    const t0 = performance.now(), end = t0 + patience(2500);
    let open = [...under], last = t0;
    for (;;) {
      const left = open.filter((p) => face(p.el) === p.face || p.el.isConnected && A.loading.test(label(p.el)));
      if (left.length < open.length) last = performance.now();
      open = left;
      if (!open.length || performance.now() > end) break;
      await new Promise((r) => setTimeout(r, 8));
    }
    await A.changed(root, s0, A.busy(root) ? patience(2500) : 300, Infinity);
    await came(root, under.map((p) => p.el), r0);
    // Something came, and it does not show from which: those that stand as they stood are pressed again, each alone.
    const moved = state(root) !== s0;
    for (const p of under) { p.note.unsure = moved && open.includes(p); p.note.gained = !open.includes(p) || moved; }
    if (open.length < under.length) took(last - t0);
    if (under.some((p) => p.why === 'comments')) await A.talkOpened(root, !open.length);
  };
  // alone presses one button and waits until what it shows is there. It reports whether the press gave anything.
  const gave = new Set(); // the kinds of those that did
  const alone = async (root, el, why, text, n) => {
    const was = face(el), s0 = state(root), g0 = why === 'text' ? 0 : gain(root), r0 = why === 'comments' ? rows(root) : null; // what a text is unfolded to need not be laid out each time
    if (why === 'comments') A.talkBefore();
    A.changing(root);
    const tall = () => (why === 'comments' ? root.getBoundingClientRect().height + (el.parentElement || root).getBoundingClientRect().height : 0), high = tall();
    el.click();
    const there = state(root) === s0 && tall() > high + 8 && !A.busy(root) && !waits(root); // it was in the document already
    const t0 = performance.now(), wait = there ? 60 : why === 'comments' ? (justComments.test(text) ? 1200 : 2500) : 1000;
    // Most texts are unfolded at once, by the press itself.
    if (why !== 'text' || state(root) === s0 || A.busy(root)) await A.changed(root, s0, patience(wait), Infinity);
    // A button that is out of use waits for its answer.
    while (state(root) === s0 && el.isConnected && (el.disabled || el.getAttribute('aria-disabled') === 'true') && performance.now() < t0 + 15000) await A.changed(root, s0, 1000, Infinity);
    while (root.isConnected && waits(root) && performance.now() < t0 + patience(8000)) await A.changed(root, state(root), 500, Infinity); // it says that it loads
    await came(root, [el], r0);
    if (!root.isConnected && await cameBack()) { leads.add(kindOf(why, text)); A.led = text; return false; }
    const g1 = why === 'text' ? 0 : gain(root), gained = why === 'text' ? state(root) !== s0 : g1 > g0;
    if (n > 1 && why === 'comments' && el.isConnected && g1 < g0) { // it has shut what it opened
      const s1 = state(root);
      el.click();
      await A.changed(root, s1, patience(wait), Infinity);
      return false;
    }
    if (why === 'comments' && await A.talkOpened(root, gained) || !gained) return false;
    took(performance.now() - t0);
    gave.add(kindOf(why, text));
    if (was && face(el) !== was && !keeping.has(kindOf(why, text))) proven.add(kindOf(why, text));
    return true;
  };
  // leads are the names of buttons that put one post in the place of the list. cameBack tells whether that has happened, and goes back to the list.
  const leads = new Set();
  A.led = '';
  const backward = /^[\s‹←<«]*(?:tillbaka|back|go back|tilbake|tilbage|takaisin)(?=$|\P{L})/iu;
  const backWord = /tillbaka|back|tilbake|tilbage|takaisin/i; // what holds none of these is not laid out to be asked
  let returning = null;
  const cameBack = () => {
    returning = returning || goBack().finally(() => { returning = null; });
    return returning;
  };
  // place is where the list stands: its address, and what leads back from it to elsewhere.
  let place = null;
  const backs = () => A.all('button,[role=button],a').filter((x) => backWord.test([x.getAttribute('aria-label'), x.textContent, x.value, x.title, pictured(x)].join(' ')) && backward.test(label(x)) && A.visible(x));
  A.inPlace = () => { place = { href: location.href, backs: new Set(backs()) }; };
  const goBack = async () => {
    const many = A.postCount(), gone = () => A.find().length * 2 < many;
    await new Promise((r) => setTimeout(r, 60)); // a list that is drawn anew is there again
    if (many < 3 || !gone() || !place) return false;
    const b = backs().find((x) => !place.backs.has(x) && (A.pressable(x) || x.matches('a[href^="#"]')));
    if (b) b.click(); else if (location.href !== place.href) history.back(); else return false; // its posts left, and nothing took their place
    for (const end = performance.now() + 4000; gone() && performance.now() < end;) await new Promise((r) => setTimeout(r, 20));
    return true;
  };
  // unroll gives boxes within a post that are scrolled by themselves all of their height, once they have loaded what they hold, and says whether that
  // was more than they held before.
  const unroll = async (root, until, done) => {
    let grew = false;
    for (const box of A.within(root, 'div,ul,ol,section')) {
      if (box.scrollHeight <= box.clientHeight + 4 || box.clientHeight < 60 || !/auto|scroll/.test(A.css(box).overflowY) || !A.marks(box).length) continue;
      for (let n = 0; n < 300 && performance.now() < until; n++) {
        grew = grew || n > 0;
        const h = box.scrollHeight, end = performance.now() + patience(700);
        box.scrollTop = h;
        box.dispatchEvent(new Event('scroll'));
        while (box.scrollHeight <= h && performance.now() < end) await new Promise((r) => setTimeout(r, 15));
        if (box.scrollHeight <= h) break;
      }
      A.loosen(box);
      for (const [k, v] of [['height', 'auto'], ['max-height', 'none'], ['overflow-y', 'visible']]) box.style.setProperty(k, v, 'important');
      done.push('ruta med egen rullning');
    }
    return grew;
  };
  const promise = (root, el, text) => {
    const n = (A.commentsCache.get(root) || []).some((k) => A.inside(el, k)) ? 0 : A.talkClaim(text);
    if (n > (A.promised.get(root) || 0)) A.promised.set(root, n);
  };
  const arrows = /[▸▹▾▿►▻▼▽▶▷▲△⌃⌄˅∨]/gu;
  const asked = new WeakMap(); // how often a post was asked again for what failed
  A.open = async (root, limit) => {
    const until = performance.now() + limit, done = [];
    await A.order(root, until, done);
    let idle = 0, over = false;
    while (!over && root.isConnected) {
      let hit = false, news = false;
      const under = []; // what was pressed and has not answered yet
      let s0 = '', r0 = null;
      for (const el of candidates(root)) {
        if (!el.isConnected || !A.pressable(el)) continue;
        const why = chosen(el) ? '' : wants(el);
        if (!why) continue;
        const text = label(el);
        const before = pressed.get(el);
        if (before && before.text !== text && before.text.replace(arrows, '') === text.replace(arrows, '')) continue; // its arrow has turned: it is open
        // On a page that answers slowly a press without effect is tried once more.
        if (before && before.n > 300 && before.gained) A.endless++;
        if (before && (before.text === text && !before.gained && !(before.n < 2 && A.lag > 600) || before.n > 300 || why !== 'comments' && before.n > 1 || justComments.test(text) || talkSign.test(text))) continue;
        if (performance.now() > until) { over = true; A.cut++; break; } // there is more to press, and no time
        const kind = kindOf(why, text);
        if (leads.has(kind) || A.again.test(text) && (asked.get(root) || 0) >= 3) continue;
        if (A.again.test(text)) asked.set(root, (asked.get(root) || 0) + 1);
        if (why === 'comments') promise(root, el, text);
        const unsure = !!before && !!before.unsure, together = proven.has(kind) && !unsure;
        if (under.length && (!together || under.length >= atOnce())) break;
        const note = { text, gained: true, n: (before ? before.n : 0) + 1 };
        pressed.set(el, note);
        done.push(text || why);
        hit = true;
        if (!together) {
          note.gained = await alone(root, el, why, text, note.n);
          news = note.gained && why === 'comments';
          if (unsure && note.gained) {
            if (label(el) === text && el.isConnected) { keeping.add(kind); proven.delete(kind); } else forgot++;
          }
          break;
        }
        if (!under.length) { s0 = state(root); r0 = rows(root); }
        under.push({ el, why, note, face: face(el) });
        if (why === 'comments') A.talkBefore();
        A.changing(root);
        el.click();
      }
      if (under.length) await answered(root, under, s0, r0);
      if (news || under.some((p) => p.why === 'comments' && p.note.gained)) await A.order(root, until, done); // the choice of order may come with the comments
      if (hit) { idle = 0; continue; }
      if (!done.length || ++idle > 1) break; // where nothing was pressed, nothing is on its way
      await new Promise((r) => setTimeout(r, 12));
    }
    if (root.isConnected && await unroll(root, until, done)) return done.concat(await A.open(root, until - performance.now()));
    if (root.isConnected) await openFrames(root, until, done);
    return done;
  };
  // openFrames opens what frames of this origin within a post keep closed, such as its comments, once they are there.
  const openFrames = async (root, until, done) => {
    for (const f of A.within(root, 'iframe')) {
      const body = () => { const b = A.visible(f) && A.frameBody(f); return b && b.ownerDocument.readyState !== 'loading' && (b.ownerDocument.URL !== 'about:blank' || !f.src) ? b : null; };
      const end = Math.min(until, performance.now() + (framed.has(f) ? 0 : patience(3000)));
      framed.add(f);
      if (!A.frameBody(f)) continue;
      const empty = () => { const b = body(); return !b || A.busy(b) || !A.clean(b.innerText); };
      while (f.isConnected && empty() && performance.now() < end) await new Promise((r) => setTimeout(r, 15));
      const b = body();
      if (!b || !b.getElementsByTagName('*').length) continue;
      await A.changed(b, state(b), 300, until);
      done.push(...await A.open(b, until - performance.now()));
    }
  };
  const framed = new WeakSet();
  // openAgain presses, one at a time, what gave nothing where its like did: some pages answer one press and forget those that come meanwhile. A few
  // in a row that give nothing again end this for the whole page.
  const partly = /\d\s(?:av|of|\/)\s\d/i; // such a button says itself that there is more
  let futile = 0;
  A.openAgain = async (root, limit) => {
    const until = performance.now() + limit, done = [];
    const next = () => candidates(root).find((el) => {
      const note = pressed.get(el);
      const why = note ? wants(el) : '';
      return why && !note.gained && note.n < 3 && note.text === label(el) && A.pressable(el) && (gave.has(kindOf(why, note.text)) || !note.again && partly.test(note.text));
    });
    for (let el; futile < 3 && performance.now() < until && root.isConnected && (el = next());) {
      const note = pressed.get(el);
      note.n++;
      note.again = true;
      note.gained = await alone(root, el, wants(el), note.text, note.n);
      if (!note.gained) { futile++; continue; }
      futile = 0;
      forgot++;
      done.push(note.text, ...await A.open(root, until - performance.now()));
    }
    return done;
  };
  // changed waits until the element's content differs from s0 and has come to rest.
  A.changed = async (root, s0, limit, until) => {
    const end = Math.min(until, performance.now() + limit);
    let s = state(root), still = 0;
    while (performance.now() < end && root.isConnected) {
      await new Promise((r) => setTimeout(r, s === s0 ? 8 : 4));
      const n = state(root);
      if (n !== s0 && n === s) { if (++still >= 2 && !A.busy(root)) return n; } else still = 0;
      s = n;
    }
    return state(root);
  };
  // rested acts, and waits until what that does to the element has come to rest, even where it looks as before in the end.
  A.rested = async (root, act, until) => {
    let moved = 0;
    const o = new MutationObserver(() => { moved = performance.now(); });
    o.observe(root, { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden', 'aria-hidden', 'aria-selected'] });
    const t0 = performance.now(), end = Math.min(until, t0 + Math.max(3000, 4 * A.lag)), patience = Math.max(1500, 4 * A.lag);
    const size = () => root.getElementsByTagName('*').length, before = size();
    act();
    while (performance.now() < end) {
      await new Promise((r) => setTimeout(r, 8));
      const now = performance.now();
      if (!moved && now > t0 + patience) break;
      // A list that was emptied waits for its new content.
      if (moved && now > moved + (size() < before ? 1200 + A.lag : 60) && !A.busy(root)) break;
    }
    o.disconnect();
  };
  A.busy = (root) => waits(root) || !!(root.querySelector('[aria-busy=true],[role=progressbar],.spinner,.loading,[class*=spinner i],[class*=loading i]') && Array.from(root.querySelectorAll('[aria-busy=true],[role=progressbar],[class*=spinner i],[class*=loading i]')).some((e) => A.visible(e) && e.getBoundingClientRect().height > 0 && !/^(img|picture|figure)$/.test(e.localName) && !e.querySelector('img') && A.clean(e.innerText).length < 60));

  // waits tells a button or a line that says that it loads: "Laddar …".
  const waits = (root) => {
    if (!/(?:laddar|läser in|hämtar|loading|laster|henter|indlæser|ladataan|haetaan)/i.test(root.textContent || '')) return false;
    const w = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let n = w.nextNode(); n; n = w.nextNode()) if (n.data.length < 40 && A.loading.test(n.data.trim()) && /^\p{L}+(?: in)?$|[….]$/u.test(n.data.trim()) && A.visible(n.parentElement)) return true;
    return false;
  };

  // choices lists what in the page offers all comments, or the newest first.
  const choices = (el) => {
    const items = A.all('[role=menuitem],[role=menuitemradio],[role=option],[role=menu] *,[role=listbox] *,li,button,[tabindex],a,span,div').filter((i) => i !== el && !el.contains(i) && i.textContent.length < 120 && (everything.test(A.clean(i.textContent)) || newest.test(A.clean(i.textContent))) && A.visible(i) && i.getBoundingClientRect().height > 4);
    return items.filter((i) => !items.some((o) => o !== i && i.contains(o))); // what holds a choice and more beside it is none
  };
  // choose opens a menu and picks all comments, or the newest first. It reports whether there was something to pick. What stood there before
  // the press is the same choice of another post, unless it stands in this one.
  const choose = async (el, root, until, done) => {
    const before = new Set(choices(el));
    el.click();
    done.push(label(el));
    const began = performance.now(), end = Math.min(until, began + 1500);
    while (performance.now() < end) {
      const all = choices(el), fresh = all.filter((i) => !before.has(i) || performance.now() > began + 500 && A.inside(i, root));
      const pick = fresh.find((i) => everything.test(label(i))) || fresh.find((i) => newest.test(label(i)));
      if (pick) {
        done.push(label(pick));
        await A.rested(root, () => pick.click(), until);
        return true;
      }
      await new Promise((r) => setTimeout(r, 20));
    }
    return false;
  };

  // order chooses all comments where a page begins with the most relevant ones. Menus are the whole page's: one post at a time has one open.
  let turn = Promise.resolve();
  A.order = (root, until, done) => {
    if (!orders(root).length && !A.within(root, 'select,[role=tablist]').length) return Promise.resolve();
    turn = turn.then(() => order(root, until, done)).catch(() => {});
    return turn;
  };
  const orders = (root) => Array.from(new Set([...A.within(root, '[role=combobox],summary,[aria-haspopup]'), ...candidates(root)])).filter((el) => !ordered.has(el) && !(el.localName === 'a' && !A.pressable(el)) && !el.closest('form') && A.visible(el) && label(el).length <= 60 && relevant.test(label(el)));
  // orderFeed chooses the newest posts first where a list begins with the most relevant ones, and tells what was pressed.
  A.orderFeed = async (limit) => {
    const items = A.find(), set = new Set(items), done = [], until = performance.now() + limit;
    const el = items.length ? orders(document.body).find((x) => !A.amidst(x, set) && x.compareDocumentPosition(items[0]) & Node.DOCUMENT_POSITION_FOLLOWING) : null;
    if (!el) return done;
    ordered.add(el);
    await choose(el, document.body, until, done);
    return done;
  };
  const order = async (root, until, done) => {
    for (const el of orders(root)) {
      ordered.add(el);
      // A press may have closed a menu that was open already: once more, then.
      for (let n = 0; n < 2 && el.isConnected && !(await choose(el, root, until, done)); n++);
    }
    for (const list of A.within(root, '[role=tablist]')) {
      const tabs = A.within(list, '[role=tab]'), pick = tabs.find((t) => everything.test(label(t)) || /^(?:alla|all|alle|kaikki)(?:\s*\(?\d+\)?)?$/i.test(label(t)));
      if (!pick || ordered.has(list) || pick.getAttribute('aria-selected') === 'true' || !A.pressable(pick)) continue;
      ordered.add(list);
      done.push(label(pick));
      await A.rested(root, () => pick.click(), until);
    }
    for (const el of A.within(root, 'select')) {
      const all = Array.from(el.options), now = el.selectedOptions[0], pick = all.find((o) => everything.test(o.text)) || (now && relevant.test(now.text) ? all.find((o) => newest.test(o.text)) : null);
      if (pick && !pick.selected && all.some((o) => relevant.test(o.text)) && !ordered.has(el) && !el.closest('form')) {
        ordered.add(el);
        done.push(pick.text);
        await A.rested(root, () => { el.value = pick.value; el.dispatchEvent(new Event('change', { bubbles: true })); }, until);
      }
    }
  };
})();
