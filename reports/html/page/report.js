// What this adds: filters, opening what a link points to, copying. Everything else works without it.
(function () {
  'use strict';
  var doc = document;
  doc.documentElement.classList.add('js');
  var all = function (selector) { return Array.prototype.slice.call(doc.querySelectorAll(selector)); };

  // scrollTo brings a place below the bars that stick to the top.
  function scrollTo(place) {
    var bars = doc.querySelector('.nav').offsetHeight;
    var filter = doc.querySelector('.filter');
    if (filter && place.matches('.check') && getComputedStyle(filter).position === 'sticky') { bars += filter.offsetHeight; }
    window.scrollTo(0, window.scrollY + place.getBoundingClientRect().top - bars - 12);
  }

  // Links: open whatever hides the place that the address names.
  function reveal() {
    var id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (e) { return; }
    var place = id && doc.getElementById(id);
    if (!place) { return; }
    var row = place.closest('details.check');
    if (row && row.hidden) { reset(); }
    for (var at = place; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS') { at.open = true; }
    }
    place.focus({ preventScroll: true });
    scrollTo(place.closest('details') || place);
  }

  // Filters.
  var rows = all('details.check').map(function (row) {
    return {
      row: row,
      outcome: row.dataset.outcome,
      profiles: row.dataset.profiles.split(' '),
      section: row.dataset.section,
      text: row.querySelector('summary').textContent.toLowerCase()
    };
  });
  var groups = all('[data-group]');
  var chips = all('[data-filter]');
  var profile = doc.getElementById('filter-profile');
  var text = doc.getElementById('filter-text');
  var status = doc.getElementById('filter-status');
  var section = '';

  function apply() {
    var wanted = chips.filter(function (c) { return c.getAttribute('aria-pressed') === 'true'; }).map(function (c) { return c.dataset.filter; });
    var words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (r) {
      var on = (!wanted.length || wanted.indexOf(r.outcome) >= 0) &&
        (!profile.value || r.profiles.indexOf(profile.value) >= 0) &&
        (!section || r.section === section) &&
        words.every(function (w) { return r.text.indexOf(w) >= 0; });
      r.row.hidden = !on;
      shown += on ? 1 : 0;
    });
    groups.forEach(function (g) { g.hidden = !g.querySelector('details.check:not([hidden])'); });
    status.textContent = shown + ' of ' + rows.length + ' checks' + (section ? ', section ' + section : '');
  }

  function press(chip, on) { chip.setAttribute('aria-pressed', on ? 'true' : 'false'); }

  function reset() {
    chips.forEach(function (c) { press(c, false); });
    profile.value = '';
    text.value = '';
    section = '';
    apply();
  }

  // Copying. The clipboard may be closed to a page from a disk; a selection is the way that is left.
  function copy(button) {
    var source = button.parentElement.querySelector('pre');
    var name = button.dataset.name || (button.dataset.name = button.textContent);
    var done = function (word) {
      button.textContent = word;
      setTimeout(function () { button.textContent = name; }, 1500);
    };
    var byHand = function () {
      var hidden = source.closest('details.command');
      if (hidden) { hidden.open = true; }
      var range = doc.createRange();
      range.selectNodeContents(source);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      done(doc.execCommand('copy') ? 'Copied' : 'Press Ctrl+C');
    };
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(source.textContent).then(function () { done('Copied'); }, byHand);
  }

  doc.addEventListener('click', function (event) {
    var button = event.target.closest('[data-copy]');
    if (button) { copy(button); return; }
    var chip = event.target.closest('[data-filter]');
    if (chip) { press(chip, chip.getAttribute('aria-pressed') !== 'true'); apply(); return; }
    var cell = event.target.closest('.matrix a');
    if (cell) {
      event.preventDefault();
      reset();
      section = cell.dataset.section;
      chips.forEach(function (c) { press(c, c.dataset.filter === cell.dataset.outcome); });
      apply();
      doc.getElementById('checks').scrollIntoView();
      return;
    }
    var link = event.target.closest('a');
    if (link && link.hash && link.hash === location.hash) { reveal(); } // the address does not change, so nobody else tells
  });

  if (text) {
    text.addEventListener('input', apply);
    profile.addEventListener('change', apply);
    doc.getElementById('filter-reset').addEventListener('click', reset);
    doc.addEventListener('keydown', function (event) {
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
  window.addEventListener('beforeprint', function () {
    all('details.fail, details.scenario').forEach(function (d) { d.open = true; });
  });
  window.addEventListener('hashchange', reveal);
  reveal();
})();
