// What this adds: filters, opening what a link points to, copying. Everything else works without it.
(function () {
  'use strict';
  const doc = document;
  doc.documentElement.classList.add('js');
  const all = selector => Array.from(doc.querySelectorAll(selector));

  // scrollTo brings a place below the bars that stick to the top.
  function scrollTo(place) {
    let bars = doc.querySelector('.nav').offsetHeight;
    const filter = doc.querySelector('.filter');
    if (filter && place.matches('.check') && getComputedStyle(filter).position === 'sticky') { bars += filter.offsetHeight; }
    window.scrollTo(0, window.scrollY + place.getBoundingClientRect().top - bars - 12);
  }

  // Links: open whatever hides the place that the address names.
  function reveal() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (e) { return; }
    const place = id && doc.getElementById(id);
    if (!place) { return; }
    const row = place.closest('details.check');
    if (row && row.hidden) { reset(); }
    for (let at = place; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS') { at.open = true; }
    }
    place.focus({ preventScroll: true });
    scrollTo(place.closest('details') || place);
  }

  // Filters.
  const rows = all('details.check').map(row => ({
    row,
    outcome: row.dataset.outcome,
    profiles: row.dataset.profiles.split(' '),
    section: row.dataset.section,
    text: row.querySelector('summary').textContent.toLowerCase()
  }));
  const groups = all('[data-group]');
  const chips = all('[data-filter]');
  const profile = doc.getElementById('filter-profile');
  const text = doc.getElementById('filter-text');
  const status = doc.getElementById('filter-status');
  let section = '';

  function apply() {
    const wanted = chips.filter(c => c.getAttribute('aria-pressed') === 'true').map(c => c.dataset.filter);
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach(r => {
      const on = (!wanted.length || wanted.includes(r.outcome)) &&
        (!profile.value || r.profiles.includes(profile.value)) &&
        (!section || r.section === section) &&
        words.every(w => r.text.includes(w));
      r.row.hidden = !on;
      shown += on ? 1 : 0;
    });
    groups.forEach(g => { g.hidden = !g.querySelector('details.check:not([hidden])'); });
    status.textContent = shown + ' of ' + rows.length + ' checks' + (section ? ', section ' + section : '');
  }

  function press(chip, on) { chip.setAttribute('aria-pressed', on ? 'true' : 'false'); }

  function reset() {
    chips.forEach(c => { press(c, false); });
    profile.value = '';
    text.value = '';
    section = '';
    apply();
  }

  // Copying. The clipboard may be closed to a page from a disk; a selection is the way that is left.
  function copy(button) {
    const source = button.parentElement.querySelector('pre');
    const name = button.dataset.name || (button.dataset.name = button.textContent);
    const done = word => {
      button.textContent = word;
      setTimeout(() => { button.textContent = name; }, 1500);
    };
    const byHand = () => {
      const hidden = source.closest('details.command');
      if (hidden) { hidden.open = true; }
      const range = doc.createRange();
      range.selectNodeContents(source);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      done(doc.execCommand('copy') ? 'Copied' : 'Press Ctrl+C');
    };
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(source.textContent).then(() => done('Copied'), byHand);
  }

  doc.addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (button) { copy(button); return; }
    const chip = event.target.closest('[data-filter]');
    if (chip) { press(chip, chip.getAttribute('aria-pressed') !== 'true'); apply(); return; }
    const cell = event.target.closest('.matrix a');
    if (cell) {
      event.preventDefault();
      reset();
      section = cell.dataset.section;
      chips.forEach(c => { press(c, c.dataset.filter === cell.dataset.outcome); });
      apply();
      doc.getElementById('checks').scrollIntoView();
      return;
    }
    const link = event.target.closest('a');
    if (link && link.hash && link.hash === location.hash) { reveal(); } // the address does not change, so nobody else tells
  });

  if (text) {
    text.addEventListener('input', apply);
    profile.addEventListener('change', apply);
    doc.getElementById('filter-reset').addEventListener('click', reset);
    doc.addEventListener('keydown', event => {
      if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
        event.preventDefault();
        text.focus();
      } else if (event.key === 'Escape' && event.target === text) {
        text.value = '';
        apply();
      }
    });
    apply();
  }

  // On paper, what failed is shown in full.
  window.addEventListener('beforeprint', () => {
    all('details.fail, details.scenario').forEach(d => { d.open = true; });
  });
  window.addEventListener('hashchange', reveal);
  reveal();
})();
