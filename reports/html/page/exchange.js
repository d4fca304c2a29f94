// What this adds to exchanges, once somebody looks: each can be closed, bodies are laid out and coloured, and there is the command that sends
// the request again. All of it follows from the text in the page. That came from a target: it is handled as text and nodes, never as HTML.
(function () {
  'use strict';
  const doc = document;
  const origin = doc.body.dataset.origin;
  const maxDepth = 32; // each level moves all below it to the right: a body made for it would grow a thousandfold

  function make(name, looks, ...inside) {
    const element = doc.createElement(name);
    if (looks) { element.className = looks; }
    element.append(...inside);
    return element;
  }

  // pane is a text that scrolls, for which keys need to get there.
  function pane(looks, ...inside) {
    const pre = make('pre', looks, ...inside);
    pre.tabIndex = 0;
    return pre;
  }

  // read gives a text as it was sent, and the marks in it, which stand for secrets and for what does not show, by their places.
  function read(element) {
    const walk = doc.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const marks = new Map();
    let text = '';
    while (walk.nextNode()) {
      const mark = walk.currentNode.parentElement.closest('mark');
      if (mark) { marks.set(text.length, mark); }
      text += mark ? original(mark) : walk.currentNode.data;
    }
    return { text, marks };
  }

  function original(mark) {
    const text = mark.textContent;
    if (!mark.title) { return text; } // of a secret there is no more
    if (text === 'CR') { return '\r'; }
    return text.startsWith('U+') ? String.fromCodePoint(parseInt(text.slice(2), 16)) : '\ufffd'; // for a byte that is no UTF-8
  }

  // part is a part of what was read, as nodes.
  function part({ text, marks }, from = 0, to = text.length) {
    const nodes = [];
    for (let i = from; marks.size && i < to; i++) {
      const mark = marks.get(i);
      if (mark) {
        nodes.push(text.slice(from, i), mark.cloneNode(true));
        from = i + original(mark).length;
      }
    }
    nodes.push(text.slice(from, to));
    return nodes;
  }

  // pretty lays a JSON text out, with numbers, escapes and the order of names as they are. It is null for what is no JSON, or too deep.
  function pretty(body) {
    try { JSON.parse(body.text); } catch (e) { return null; }
    const tokens = body.text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g);
    const pre = pane('pretty');
    const wrap = () => '\n' + '  '.repeat(depth);
    let depth = 0, at = 0;
    for (const [i, token] of tokens.entries()) {
      at = body.text.indexOf(token, at);
      if ('[{'.includes(token)) {
        if (++depth > maxDepth) { return null; }
        pre.append(token, ']}'.includes(tokens[i + 1]) ? '' : wrap());
      } else if (']}'.includes(token)) {
        depth--;
        pre.append('[{'.includes(tokens[i - 1]) ? '' : wrap(), token);
      } else if (token[0] === '"') {
        pre.append(make(tokens[i + 1] === ':' ? 'b' : 'i', '', ...part(body, at, at + token.length)));
      } else {
        pre.append(token, token === ',' ? wrap() : token === ':' ? ' ' : '');
      }
      at += token.length;
    }
    return pre;
  }

  // sides parts a message at the empty line: no line of its head is empty.
  function sides(message) {
    const end = message.text.indexOf('\n\n');
    return end < 0 ? [message.text.length, -1] : [end, end + 2];
  }

  // head sets the key of the first line and the names of headers off.
  function head(message, key) {
    const pre = pane('');
    let at = 0;
    message.text.slice(0, sides(message)[0]).split('\n').forEach((line, i) => {
      const to = at + line.length;
      if (i === 0) {
        const from = line.lastIndexOf(key);
        pre.append(...part(message, 0, from), make('b', '', ...part(message, from, from + key.length)), ...part(message, from + key.length, to));
      } else {
        const name = at + line.indexOf(':') + 1;
        pre.append('\n', make('span', 'header', ...part(message, at, name)), ...part(message, name, to));
      }
      at = to + 1;
    });
    return pre;
  }

  // body gives the body laid out, and as it was sent where that is something else. A long one keeps its address.
  function body(message, address) {
    const from = sides(message)[1];
    if (from < 0) { return []; }
    const raw = pane('', ...part(message, from));
    const laid = pretty(read(raw));
    const same = laid && laid.textContent === raw.textContent;
    if (address) { (same ? laid : raw).id = address.id; }
    if (!laid) { return [raw]; }
    return same ? [laid] : [laid, make('details', 'raw', make('summary', '', 'As it was sent'), raw)];
  }

  // quote makes one word for a shell. Commands that need more than this are in the page already.
  function quote(word) {
    return /^[\w+=.,:\/@%-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
  }

  // curl is the command that sends a request again, with the credential from a variable.
  function curl(request, variable) {
    const [end, from] = sides(request);
    const [start, ...headers] = request.text.slice(0, end).split('\n');
    const content = from < 0 ? '' : request.text.slice(from);
    const method = start.slice(0, start.indexOf(' '));
    const url = origin + start.slice(method.length + 1, start.lastIndexOf(' '));
    const words = ['curl -sS -i'];
    if (/[[\]{}]/.test(url)) { words.push('-g'); }
    if (method === 'HEAD') {
      words.push('--head');
    } else if (method !== 'GET' || content) {
      words.push('-X', quote(method));
    }
    const options = headers.map(line => option(line, variable)).filter(Boolean);
    if (content && !headers.some(h => /^content-type:/i.test(h))) { options.push("-H 'Content-Type:'"); }
    if (content) { options.push('--data-raw ' + quote(content)); }
    return [[...words, '--url', quote(url)].join(' '), ...options].join(' \\\n  ');
  }

  // option is the option for a header, empty for those that curl makes by itself.
  function option(line, variable) {
    const name = line.slice(0, line.indexOf(':')), value = line.slice(name.length + 2);
    const known = name.toLowerCase();
    if (name[0] === '@' || ['content-length', 'connection', 'accept-encoding'].includes(known)) { return ''; }
    if (known === 'host' && origin.endsWith('//' + value)) { return ''; }
    if (known === 'authorization' && value.includes('[redacted]')) {
      const quoted = line.replace(/[\\"$`]/g, '\\$&').replace('[redacted]', '$$' + variable);
      return '-H "' + quoted + '"';
    }
    return '-H ' + quote(value ? line : name + ';');
  }

  // bring puts a body that stands elsewhere in the page here too.
  function bring(link) {
    link.replaceWith(...part(read(doc.getElementById(link.getAttribute('href').slice(1)))));
  }

  // arrange makes of the plain text of an exchange what people work with.
  function arrange(article, open) {
    article.querySelectorAll('.same').forEach(bring);
    const [sent, got] = article.querySelectorAll(':scope > pre');
    const request = read(sent), response = read(got);
    const path = read(sent.querySelector('b')), answer = read(got.querySelector('b'));
    const button = make('button', '', 'Copy as curl');
    button.type = 'button';
    button.dataset.copy = '';
    const details = make('details', 'exchange',
      make('summary', '', make('b', '', ...part(request, 0, request.text.indexOf(' '))), ' ', make('code', '', ...part(path)), ' ',
        make('b', '', ...part(answer)), ' ', make('small', '', article.firstChild.textContent)),
      ...article.querySelectorAll('.cut'),
      make('div', 'wire',
        make('div', '', make('h4', '', 'Request'), head(request, path.text), ...body(request, sent.querySelector('[id]'))),
        make('div', '', make('h4', '', 'Response'), head(response, answer.text), ...body(response, got.querySelector('[id]')))),
      make('div', 'curl', button,
        article.querySelector('.command') || make('details', 'command', make('summary', '', 'As a curl command'), pane('', curl(request, article.dataset.variable || 'SCIM_TOKEN')))));
    details.open = open;
    article.replaceWith(details);
  }

  // look arranges the exchanges in a place that is open. Of many the last is open too: most checks end there.
  function look(place) {
    place.querySelectorAll('.body').forEach(one => {
      if (one.closest('details:not([open])')) { return; }
      const articles = one.querySelectorAll(':scope > article');
      articles.forEach((article, i) => arrange(article, articles.length <= 2 || i === articles.length - 1));
    });
  }

  doc.addEventListener('toggle', event => { if (event.target.open) { look(event.target); } }, true);
  window.addEventListener('beforeprint', () => look(doc));
  look(doc);
})();
