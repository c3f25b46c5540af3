// Consent dialogs: found by what they are and what they say, refused where they let a visitor refuse, else hidden. An accepting button is
// never pressed, nor one that sends a form or leads away.
(() => {
  'use strict';
  const A = arsring;

  // Marks that common consent tools leave in a page: their dialogs, the frames they show, and their buttons for refusing.
  const tools = '#CybotCookiebotDialog,#onetrust-consent-sdk,#onetrust-banner-sdk,#usercentrics-root,#usercentrics-cmp-ui,#didomi-host,.qc-cmp2-container,#truste-consent-track,.truste_overlay,#cookie-information-template-wrapper,#coiOverlay,#coi-banner-wrapper,.cky-consent-container,.cky-modal,#cmplz-cookiebanner-container,.cmplz-cookiebanner,#BorlabsCookieBox,.osano-cm-window,.termly-styles-root,[id^="termly-code-snippet"],#iubenda-cs-banner,.iubenda-cs-container,#axeptio_overlay,#cc-main,#cookiescript_injected,#klaro,.klaro .cookie-notice,.klaro .cookie-modal,#tarteaucitronRoot,#cmpbox,#cmpwrapper,[id^="sp_message_container"],.fc-consent-root,#gdpr-cookie-message,#cookie-law-info-bar,#moove_gdpr_cookie_info_bar,#cookie-notice,.eupopup,.cc-window,.cc-banner,[data-cookiebanner],[data-testid="cookie-policy-manage-dialog"],#ppms_cm_popup_overlay,.pt-cookie-notice,.env-cookie-consent,#cookie-consent,#cookie-banner,.cookie-banner,.cookie-consent,#cookieconsent';
  const frames = /(?:consent|cookie|samtyck|kakor|\bcmp\b|gdpr|privacy[-_ ]?(?:mgmt|manager|center|message)|sp_message|trustarc|truste|usercentrics|didomi|onetrust|quantcast|sourcepoint|integritet|evästee|suostumus|samtykke|einwilligung)/i;
  const refusers = '#CybotCookiebotDialogBodyButtonDecline,#CybotCookiebotDialogBodyLevelButtonLevelOptinDeclineAll,#onetrust-reject-all-handler,.ot-pc-refuse-all-handler,[data-testid="uc-deny-all-button"],#deny.uc-deny-button,#didomi-notice-disagree-button,.didomi-continue-without-agreeing,#truste-consent-required,#declineButton,.coi-banner__decline,.cky-btn-reject,.cmplz-deny,[data-cookie-refuse],.osano-cm-denyAll,.osano-cm-deny,[data-tid="banner-decline"],.iubenda-cs-reject-btn,#axeptio_btn_dismiss,[data-cc="reject-all"],[data-role="necessary"],#cookiescript_reject,.cn-decline,.cm-btn-decline,#tarteaucitronAllDenied2,.cmpboxbtnno,.fc-cta-do-not-consent,.cc-deny,#ppms_cm_reject-all,.cli_action_button[data-cli_action="reject"]';

  const about = /(?:kakor|kak(?:fil|inställ|dialog)|cookie|samtyck|consent|personuppgift|integritet|dataskydd|gdpr|privacy|spårnings|informasjonskaps|samtykke|personopplysning|personoplysning|privatliv|personvern|evästee|suostumu|tietosuoja|yksityisyy|einwilligung|datenschutz|privatsphäre|zustimmung)/i;
  A.consentAbout = about;
  const need = '(?:nödvändig|necessary|essential|required|mandatory|strictly|obligatorisk|nødvendig|påkrevd|påkrævet|välttämättöm|pakollis|notwendig|erforderlich|essenziell|essentiell|technisch)';
  const only = '(?:endast|bara|enbart|only|kun|bare|vain|nur)';
  const yes = '(?:acceptera|godkänn|godta|tillåt|accept|allow|agree|approve|tillat|tillad|godkend|aksepter|hyväksy|salli|akzeptier|erlaub|zustimm|annehm|einverstanden|consent)';
  const pay = /(?:prenumer|köp |betala|subscri|\bpay\b|abonn|tilaa |kaufen|purchase|\d\s?(?:kr|€|eur|usd|\$))/iu;
  const refuse = [
    /^(?:jag |i )?(?:avvisa|avböj|neka|vägra|avslå|reject|decline|refuse|deny|disagree|opt.?out|object|avvis|afvis|afslå|hylkää|kieltäydy|kiellä|estä|ablehnen|verweigern|widersprechen|nicht )/iu,
    /^(?:nej|no|nei|ei|nein)(?:[ ,]+(?:tack|thanks|thank you|takk|tak|kiitos|danke))?$/iu,
    /(?:ablehnen|verweigern|hylkää|kieltäydy)$/iu,
    new RegExp(only + '.{0,40}' + need, 'iu'), new RegExp(need + '.{0,30}(?:^|\\s)' + only + '$', 'iu'), new RegExp('^' + yes + '\\p{L}*\\s+(?:the |de |die )?' + need, 'iu'),
    /(?:fortsätt|gå vidare|continue|proceed|fortsett|fortsæt|jatka|weiter|fortfahren).{0,20}(?:utan|without|uten|uden|ilman|ohne|hyväksymättä)(?!\p{L})/iu, /^ohne .{0,30}(?:weiter|fortfahren)/iu, /hyväksymättä/iu,
    new RegExp('(?:don.?t|do not|ikke|inte|ej|nicht)\\s+' + yes, 'iu'), new RegExp(yes + '\\p{L}*\\s+(?:inte|ej|ikke|nicht)(?!\\p{L})', 'iu'), /^en (?:hyväksy|salli)/iu,
  ];
  const all = new RegExp('(?:' + yes + '|^ja|^yes|spara|save).{0,20}(?:^|[\\s(])(?:alla|allt|all|alle|alt|kaikki|everything|alles)(?!\\p{L})', 'iu');
  const save = new RegExp('^(?:spara|bekräfta|verkställ|save|confirm|apply|submit (?:my )?(?:preferences|choices)|lagre|bekreft|gem(?!\\p{L})|bekræft|tallenna|vahvista|speichern|bestätigen|auswahl)|(?:speichern|bestätigen|erlauben)$|' + yes + '.{0,12}(?:urval|(?:mina |gjorda )?val(?!\\p{L})|valda|selection|selected|my choices|utvalg|valgte|valg(?!\\p{L})|valinnat|valitut|auswahl|ausgewählt)', 'iu');
  const settings = /(?:inställning|anpassa|hantera|välj själv|låt mig välja|fler (?:alternativ|val)|visa (?:detaljer|syften|alternativ)|^detaljer$|^alternativ$|^mer(?: information| info)?$|settings|preferences|customi[sz]e|manage|^options$|more options|let me choose|show (?:details|purposes)|^details$|^more$|tilpass|innstilling|indstilling|administrer|vis detaljer|flere (?:valg|muligheder)|asetukset|muokkaa|mukauta|valitse itse|einstellung|anpassen|verwalten|optionen|^mehr$)/iu;
  const leave = /(?:läs mer|läs om|read more|learn more|policy|les mer|læs mere|lue lisää|mehr erfahren|leverantör|vendors?|\bpartner)/iu;
  const accept = new RegExp(yes + '|^(?:ok|okej|okay|jag förstår|jag är med|i understand|got it|förstått|uppfattat|jeg forstår|greit|forstået|selvä|ymmärrän|verstanden|alles klar)(?!\\p{L})', 'iu');

  // kind says what a button of a consent dialog does.
  const kind = (el) => {
    const t = A.label(el).replace(/[\u2190-\u27bf\ufe0f»›>•.!]+$/u, '').trim();
    if (pay.test(t)) return '';
    let known = false;
    try { known = el.matches(refusers) || A.hinted('refuse', el); } catch (e) { /* an element of a document that is gone */ }
    if (!t) return known ? 'refuse' : '';
    if (t.length > 90) return '';
    const few = new RegExp(only, 'iu').test(t);
    if (known && !(all.test(t) && !few)) return 'refuse';
    if (all.test(t) && !few && !/^(?:neka|avvisa|avböj|reject|decline|deny|refuse|avvis|afvis|ablehnen)/iu.test(t) && !/(?:inte|not|don.t|ikke|nicht)\s/iu.test(t)) return 'accept';
    if (refuse.some((r) => r.test(t))) return 'refuse';
    if (save.test(t)) return 'save';
    if (settings.test(t) && !leave.test(t)) return 'settings';
    return accept.test(t) ? 'accept' : '';
  };
  A.consentKind = (label) => { const b = document.createElement('button'); b.setAttribute('aria-label', label); return kind(b); };

  const buttonSel = 'button,[role=button],a,input[type=button],input[type=submit],[onclick],[data-cookie-refuse],[tabindex="0"]';
  const seen = A.shown;
  // choices lists a dialog's buttons with what they do; safe tells those that may be pressed.
  const choices = (d) => {
    const own = A.deep(d, (A.rules.refuse ? A.rules.refuse + ',' : '') + buttonSel).filter(seen);
    const plain = A.deep(d, 'span,div').filter((e) => !e.childElementCount && e.textContent.length > 1 && e.textContent.length < 60 && seen(e) && A.css(e).cursor === 'pointer' && !e.closest('a,button,[role=button],label'));
    return [...own, ...plain].map((el) => ({ el, kind: kind(el), safe: A.safe(el) })).filter((c) => c.kind);
  };
  const fields = (d) => A.deep(d, 'input[type=password],input[type=email],input[type=tel],input[type=text],input:not([type]),textarea').filter((i) => seen(i) && !/(?:sök|search|filter|hae|such)/i.test(i.placeholder + i.name + i.id + (i.getAttribute('aria-label') || '')));
  const foreign = (d) => (d.localName === 'iframe' ? [d] : A.deep(d, 'iframe')).filter((f) => seen(f) && !A.frameBody(f) && frames.test([f.id, f.name, f.title, f.className, (f.getAttribute('src') || '').slice(0, 300)].join(' ')) && f.getBoundingClientRect().width >= 180 && f.getBoundingClientRect().height >= 50);

  // judge says what a layer is: null, or a consent dialog with its buttons.
  const judge = (d, known) => {
    if (!A.extent(d).cover) return null;
    const alien = foreign(d);
    const words = A.words(d);
    if (alien.length && words.length < 1500) return { el: d, choices: [], alien: true, words: A.clean((alien[0].title || alien[0].id || 'iframe') + ' ' + words) };
    if (!words || !known && !about.test(words.slice(0, 4000)) || fields(d).length) return null;
    const c = choices(d);
    if (!c.length && !known) return null;
    const l = A.loginish(d);
    if ((l.pw || l.act) && !c.some((x) => x.kind === 'refuse')) return null;
    // A bar with links and nothing to choose is no dialog.
    if (!known && !c.some((x) => x.kind !== 'settings')) return null;
    return { el: d, choices: c, words, known };
  };
  const find = () => {
    const tried = new Set();
    for (const el of marked()) {
      const root = A.outer(el) || el;
      if (tried.has(root) || A.holdsPage(root)) continue;
      tried.add(root);
      const d = judge(root, true);
      // What stands in the page's own flow is only answered, never hidden.
      if (d && (A.outer(el) || A.extent(el).cover && overlaid(el))) return d;
      if (d && d.choices.some((c) => c.kind === 'refuse' && c.safe && !pressed.has(c.el))) return { ...d, inFlow: true };
    }
    for (const o of A.layers().list) {
      if (tried.has(o.el)) continue;
      const d = judge(o.el, false);
      if (d) return d;
    }
    return null;
  };
  // marked finds the dialogs of common tools where these put them: by their names, and high up in the document.
  const names = tools.split(',').filter((t) => /^#[\w-]+$/.test(t)).map((t) => t.slice(1));
  const marked = () => {
    const out = new Set(names.map((n) => document.getElementById(n)).filter(Boolean));
    const near = (parent, depth) => {
      const kids = Array.from(parent.children);
      for (const k of kids.length > 120 ? [...kids.slice(0, 60), ...kids.slice(-60)] : kids) {
        if (k.matches(tools) || A.hinted('overlay', k)) out.add(k);
        else if (depth) near(k, depth - 1);
      }
    };
    if (document.body) near(document.body, 2);
    return out;
  };
  const overlaid = (el) => A.deep(el, '*').slice(0, 200).some((k) => /^(?:fixed|absolute)$/.test(A.css(k).position) && A.extent(k).cover > 0.01);

  const pressed = new WeakSet();
  let plan = null, acted = false, opened = 0, began = 0;
  const optional = (d) => A.deep(d, 'input[type=checkbox],[role=switch],[role=checkbox]').filter((t) => {
    if (t.disabled || t.getAttribute('aria-disabled') === 'true') return false;
    const by = t.id && t.getRootNode().querySelector(`label[for="${CSS.escape(t.id)}"]`);
    const says = [t.getAttribute('aria-label'), (t.closest('label') || by || {}).innerText, t.name, t.id, t.value].join(' ');
    return !new RegExp(need, 'iu').test(says) && A.visible(t.closest('label') || by || t.parentElement || t);
  });
  const isOn = (t) => (t.localName === 'input' ? t.checked : t.getAttribute('aria-checked') === 'true');

  // consentPlan decides the next thing to do about a consent dialog: {do: "refuse", "save", "settings", "hide", "clear" or "", what}.
  // With late > 0 it only looks during so many milliseconds after the first time; with only true it presses nothing.
  A.consentPlan = (late, only) => {
    if (!began) began = performance.now();
    if (late && performance.now() - began > late) return { do: '', what: '' };
    plan = null;
    const d = find();
    if (!d) return acted || A.locked() && !A.layers().list.some((o) => o.cover > 0.1 || o.dialog) ? leftovers() : { do: '', what: '' };
    const pick = (k) => d.choices.find((c) => c.kind === k && c.safe && !pressed.has(c.el));
    const make = (act, c) => { plan = { act, d, el: c && c.el }; return { do: act, what: c ? A.label(c.el) || 'knapp utan namn' : A.clip(d.words, 120) }; };
    if (!only) {
      const no = pick('refuse'), keep = pick('save'), more = pick('settings');
      if (no) return make('refuse', no);
      if (keep && optional(d.el).length) return make('save', keep);
      if (more && opened < 2) return make('settings', more);
      if (keep && opened) return make('save', keep);
    }
    return d.inFlow ? { do: '', what: '' } : make('hide');
  };
  const leftovers = () => {
    const veil = veils()[0];
    if (veil) { plan = { act: 'hide', d: { el: veil } }; return { do: 'hide', what: 'backdrop' + (veil.id ? ' #' + veil.id : '') }; }
    if (A.locked()) { plan = { act: 'unlock' }; return { do: 'unlock', what: lockName() }; }
    return { do: '', what: '' };
  };
  // veils are empty layers that dim what lies below them.
  const veils = () => A.layers().list.filter((o) => o.cover > 0.5 && !A.words(o.el) && !A.deep(o.el, 'img,video,iframe,canvas,input,button,svg').some(seen)).map((o) => o.el);
  const lockName = () => [document.documentElement, document.body].filter((e) => /(?:hidden|clip)/.test(A.css(e).overflowY) || A.css(e).position === 'fixed').map((e) => e.localName + (e.className && typeof e.className === 'string' ? '.' + e.className.trim().split(/\s+/).slice(0, 3).join('.') : '')).join(', ');

  // unlock lets the page be scrolled again.
  A.unlock = () => {
    const lock = /(?:^|-|_)(?:no-?scroll\w*|scroll-?lock\w*|lock(?:ed)?|modal-open|overflow-?hidden|freeze|fixed-body|popup-open|didomi-popup-open|sp-message-open|cookie\w*-open|has-(?:modal|overlay|dialog))(?:$|-|_)/i;
    for (const e of [document.documentElement, document.body]) {
      for (const c of Array.from(e.classList)) if (lock.test(c)) e.classList.remove(c);
      const s = A.css(e), set = (k, v) => e.style.setProperty(k, v, 'important');
      if (/(?:hidden|clip)/.test(s.overflowY)) { set('overflow', 'visible'); set('height', 'auto'); set('max-height', 'none'); }
      if (s.position === 'fixed') { const y = -parseFloat(s.top) || 0; set('position', 'static'); set('width', 'auto'); if (y > 0) window.scrollTo(0, y); }
      if (s.touchAction === 'none') set('touch-action', 'auto');
    }
    for (const e of document.body.children) {
      if (e.hasAttribute('inert')) e.removeAttribute('inert');
      if (/blur/.test(A.css(e).filter)) e.style.setProperty('filter', 'none', 'important');
    }
    return true;
  };
  const hide = (el) => {
    if (el.localName === 'dialog' && el.open) el.close();
    for (const k of A.deep(el, 'dialog[open]')) k.close();
    el.style.setProperty('display', 'none', 'important');
  };

  // consentDo carries the plan out and waits until it shows: {done, gone}. What was planned in a document that is gone counts as lost.
  A.consentDo = async (limit) => {
    const p = plan;
    plan = null;
    if (!p) return { done: false, lost: true };
    acted = true;
    if (p.act === 'hide') { hide(p.d.el); return { done: true, gone: true }; }
    if (p.act === 'unlock') { A.unlock(); return { done: true, gone: !A.locked() }; }
    if (p.act === 'save') {
      for (const t of optional(p.d.el)) if (isOn(t)) { (t.closest('label') && !t.getClientRects().length ? t.closest('label') : t).click(); }
      await new Promise((r) => setTimeout(r, 20));
      pressed.add(p.el);
      if (optional(p.d.el).some(isOn)) return { done: false };
    }
    pressed.add(p.el);
    if (p.act === 'settings') opened++;
    const before = state(p.d.el);
    A.press(p.el);
    for (const end = performance.now() + limit; performance.now() < end;) {
      await new Promise((r) => setTimeout(r, 15));
      if (!p.d.el.isConnected || !A.extent(p.d.el).cover || !A.words(p.d.el)) return { done: true, gone: true };
      if (p.act === 'settings' && state(p.d.el) !== before) { await new Promise((r) => setTimeout(r, 60)); return { done: true, gone: false }; }
    }
    return { done: true, gone: false };
  };
  A.address = () => location.href.split('#')[0];
  A.loaded = async (limit) => { for (const end = performance.now() + limit; document.readyState !== 'complete' && performance.now() < end;) await new Promise((r) => setTimeout(r, 15)); return true; };
  const state = (d) => choices(d).map((c) => c.kind + A.label(c.el)).join('|') + '#' + optional(d).filter(seen).length;
})();
