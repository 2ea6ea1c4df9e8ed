const SHELL = [
  ';touch$IFSx',
  '`touch$IFSx`',
  '$(touch$IFSx)',
  '|id',
  '&',
  '&&id',
  '>x',
  '<x',
  '"',
  "'",
  '"\'',
  '$HOME',
]
const OPTIONS = ['--upload-pack=x', '-x', '--', '--help', '-c', '--exec=x', '--output=x']
const PATHS = [
  '%2e%2e',
  '%2e%2e%2f%2e%2e',
  '%00',
  'a%2fb',
  'v/0000',
  'v',
  'con',
  'nul',
  'aux',
  'com1',
  'a.b',
  'x.json',
  'a+b',
]
const OBJECTS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined']
const HTML = [
  '<b>x</b>',
  '<script>alert(1)</script>',
  '"onload="x',
  '{{x}}',
  '</script',
  'javascript&colon;x',
  '&lt;b&gt;',
]
const HIDDEN = [
  '\u202Eevil',
  'a\u202Db',
  '\u200Bx',
  'x\u200D',
  '\uFEFFx',
  'a\u00ADb',
  '\u2066x',
  'x\u{E0041}',
  '\u2028',
  '\u00A0',
]
const ALIKE = [
  'сon',
  'соn',
  'Exp',
  'exp',
  'EXP',
  'é',
  'e\u0301',
  'ﬁ',
  'fi',
  'ｅxp',
  'İ',
  'ı',
  'ß',
  'ss',
  '😀',
  '日本',
]
const SLUGS = [
  'a/b',
  'a-b',
  'a--b',
  'a_b',
  'A/b',
  'a/-b',
  '-a',
  'a-',
  '@',
  'main',
  'dev',
  '0',
  'x'.repeat(90),
  `${'x'.repeat(90)}y`,
]

/** Names that git takes for a branch, and that mean something to whoever is careless with them. */
export const HOSTILE_NAMES: readonly string[] = [
  ...[SHELL, OPTIONS, PATHS, OBJECTS, HTML, HIDDEN, ALIKE, SLUGS].flat(),
]
