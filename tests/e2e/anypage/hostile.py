"""A page that does to everything in it what old frameworks and careless stylesheets did; re-created by hand."""

# `*` of every kind that themes really have, all of it important; and what is inherited, set where it hurts.
CSS = """
body, body *:not(script) { margin: 0 !important; padding: 0 !important; border: 0 none !important;
    background: none !important; float: none !important; position: static !important; display: block !important;
    width: auto !important;
    height: auto !important; max-width: 100% !important; min-width: 0 !important; box-sizing: content-box !important;
    list-style: square inside !important; text-transform: uppercase !important; letter-spacing: .3em !important;
    word-spacing: 1em !important; text-indent: 2em !important; text-align: right !important; line-height: 3 !important;
    white-space: pre !important; visibility: visible !important; cursor: wait !important; outline: none !important;
    text-decoration: none !important; vertical-align: top !important; overflow: visible !important;
    transition: all 3s !important; box-shadow: 0 0 4px red !important; border-radius: 0 !important;
    font-weight: 100 !important; font-style: italic !important; text-shadow: 1px 1px red !important }
body { font: 16px/3 Georgia, serif; color: #203040; background: #fffef8 !important; text-align: center;
    width: 40em !important; margin: 2em auto !important }
h1, h1 a { font-style: normal !important; font-weight: 700 !important; letter-spacing: 0 !important; font-size: 24px }
button, input, textarea, section, article, form, ol, li, p, h2, time {
    display: none !important; color: yellow !important; font-size: 40px !important; opacity: .1 !important }
.cw, .list, .by, .body, .actions, .submit, .composer, .place { display: none !important }
:root, * { --line: red !important; --soft: yellow !important; --gap: 0 !important; --ink: lime !important }
comment-widget { display: none !important; position: absolute !important; left: -9999px !important }
"""

# Prototype 1.5/1.6 in what it changed of the language and of elements.
PROTOTYPE = """
(function () {
  var toArray = function (iterable) {
    if (!iterable) return [];
    if (iterable.toArray) return iterable.toArray();
    var length = iterable.length || 0, results = new Array(length);
    while (length--) results[length] = iterable[length];
    return results;
  };
  window.$A = Array.from = toArray;
  var quoted = function () { return '"' + String(this) + '"'; };
  Array.prototype.toJSON = function () { return '[' + this.join(', ') + ']'; };
  String.prototype.toJSON = quoted;
  Number.prototype.toJSON = function () { return isFinite(this) ? this.toString() : 'null'; };
  Date.prototype.toJSON = quoted;
  String.prototype.toArray = function () { return this.split(''); };
  Array.prototype.each = function (work) { for (var i = 0; i < this.length; i++) work(this[i], i); return this; };
  Array.prototype.map = Array.prototype.collect = function (work, context) {
    var results = [];
    this.each(function (value, index) { results.push(work.call(context, value, index)); });
    return results;
  };
  Array.prototype.filter = Array.prototype.select = Array.prototype.findAll = function (work, context) {
    var results = [];
    this.each(function (value, index) { if (work.call(context, value, index)) results.push(value); });
    return results;
  };
  Array.prototype.find = Array.prototype.detect = function (work, context) {
    for (var i = 0; i < this.length; i++) if (work.call(context, this[i], i)) return this[i];
  };
  Array.prototype.some = Array.prototype.any = function (work, context) {
    for (var i = 0; i < this.length; i++) if (work.call(context, this[i], i)) return true;
    return false;
  };
  Array.prototype.clear = function () { this.length = 0; return this; };
  Array.prototype.without = Array.prototype.compact = Array.prototype.uniq = function () { return this; };
  var parts = { remove: function () { this.parentNode.removeChild(this); return this; },
    update: function (html) { this.innerHTML = html; return this; },
    hide: function () { this.style.display = 'none'; return this; },
    show: function () { this.style.display = ''; return this; },
    visible: function () { return this.style.display != 'none'; },
    up: function () { return this.parentNode; }, down: function () { return this.firstChild; },
    replace: function () { return this; },
    insert: function (html) { this.innerHTML += html; return this; }, wrap: function () { return this; },
    match: function () { return false; }, fire: function () { return this; }, observe: function () { return this; } };
  for (var name in parts) Element.prototype[name] = parts[name];
  Function.prototype.bind = function (context) {
    var work = this, first = toArray(arguments).slice(1);
    return function () { return work.apply(context, first.concat(toArray(arguments))); };
  };
})();
"""

# MooTools 1.2/1.3, which means other things by the same names.
MOOTOOLS = """
(function () {
  Array.from = function (item) {
    if (item == null) return [];
    return typeof item == 'object' && 'length' in item ? Array.prototype.slice.call(item) : [item];
  };
  Function.prototype.bind = function (context, given) {
    var work = this;
    return function () { return work.apply(context, given == null ? arguments : [].concat(given)); };
  };
  Function.prototype.delay = function (time) { return setTimeout(this, time); };
  Array.prototype.append = function (others) { this.push.apply(this, others); return this; };
  Array.prototype.contains = function (item) { return this.indexOf(item) != -1; };
  Array.prototype.erase = Array.prototype.include = Array.prototype.combine = function () { return this; };
  String.prototype.contains = function (part) { return this.indexOf(part) > -1; };
  String.prototype.test = String.prototype.clean = String.prototype.camelCase = function () { return this; };
  Element.prototype.set = function (name, value) { this[name] = value; return this; };
  Element.prototype.get = function (name) { return this[name]; };
  Element.prototype.append = function (html) { this.innerHTML += String(html); return this; };
  Element.prototype.prepend = Element.prototype.append;
  var names = ['replaceChildren', 'replaceWith', 'after', 'before', 'toggleAttribute'];
  for (var i = 0; i < names.length; i++) Element.prototype[names[i]] = function () { throw new Error('not here'); };
  Element.prototype.addEvent = Element.prototype.removeEvent = Element.prototype.inject = function () { return this; };
  Element.prototype.empty = Element.prototype.dispose = Element.prototype.destroy = function () { return this; };
})();
"""

# Libraries that stand between everybody and the browser.
MEDDLERS = """
(function () {
  Object.prototype.extend = function (other) { for (var name in other) this[name] = other[name]; return this; };
  Object.prototype.watched = true;
  var parse = JSON.parse, stringify = JSON.stringify;
  JSON.parse = function (text) {
    if (typeof text != 'string') throw new Error('not a text');
    return parse.apply(JSON, arguments);
  };
  JSON.stringify = function (value) { return stringify(value); };
  var open = window.fetch;
  window.fetch = function (address, options) {
    window.fetched = (window.fetched || 0) + 1;
    return open.call(window, address, options);
  };
  var listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, work, options) {
    var heard = function (event) { return (work.handleEvent || work).call(this, event); };
    return listen.call(this, type, work && heard, !!options);
  };
  var later = window.setTimeout;
  window.setTimeout = function (work, time) { return later(function () { return work.call(window); }, time); };
  NodeList.prototype.forEach = function () { throw new Error('not here'); };
  Array.prototype.at = Array.prototype.flat = function () { throw new Error('not here'); };
  var names = ['name', 'status', 'event', 'top', 'parent', 'self', 'length'];
  for (var i = 0; i < names.length; i++) try { window[names[i]] = 'taken'; } catch (ignored) { }
})();
"""

PAGES = {"prototype": PROTOTYPE, "mootools": MOOTOOLS, "meddlers": MEDDLERS, "all": PROTOTYPE + MOOTOOLS + MEDDLERS}


def page(scripts: str) -> str:
    """A host page with all of the stylesheet and these scripts."""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hostile</title>
<style>{CSS}</style><script>{scripts}</script></head>
<body><h1><a href="/">Hostile</a></h1>
<comment-widget site="blog"></comment-widget><script src="{{server}}/embed.js" async></script></body></html>"""
