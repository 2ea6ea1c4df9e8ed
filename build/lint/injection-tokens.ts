import type { InjectionKind } from './injection-phrases.ts'

/** Something that is written, not said, as one short pattern or as two. */
export interface InjectionToken {
  readonly kind: InjectionKind
  readonly pattern: RegExp
  /** Stands in every match or, of a pair, in its second half; sought first, because that is much faster. */
  readonly hint?: string
  /** Has to stand inside the match. */
  readonly inside?: RegExp
  /** Has to begin further on in the same line, at most `REACH` characters after the match. */
  readonly followed?: RegExp
}

/** How far the second half of a pattern may be from its first. */
export const REACH = 400

const SHELL =
  '(?:sudo {1,4}(?:-[a-z]{1,4} {1,4}){0,2})?(?:env {1,4})?(?:/usr)?(?:/bin/)?(?:(?:ba|z|da|k|c|fi|a)?sh|iex|invoke-expression|(?:python[0-9.]{0,4}|node|perl|ruby|php)(?! {1,3}-[a-z]))(?![a-z0-9.-])'
const DOWNLOAD =
  '(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)(?= {1,4}(?:-|["\'$<]|https?:|[a-z0-9.-]{1,60}[/.]))'
const SENSITIVE =
  '(?:\\.env(?![a-z])|\\.ssh/|id_rsa|id_ed25519|\\.aws/|\\.npmrc|\\.netrc|\\.pypirc|\\.kube/|/etc/passwd|/etc/shadow|\\.git-credentials|\\.docker/config)'
const UPLOAD = '(?:curl|wget|nc|ncat)'

function all(kind: InjectionKind, hint: string, sources: readonly string[]): InjectionToken[] {
  return sources.map((source) => ({ kind, hint, pattern: new RegExp(source, 'g') }))
}

const INTERPOLATED = /[/?&=](?:\$\{|\{\{)|\?[^\s)]{0,200}[=&?/](?:\{[a-z_]|<[a-z_]|%7b|\[[a-z_]|\$[a-z_])/

/** Patterns on folded text. Each match is short; of a pair both halves are sought once and then joined by line. */
export const TOKENS: readonly InjectionToken[] = [
  ...all('role token', '<', [
    '<\\|[ _]{0,3}(?:im_start|im_end|im_sep|system|user|assistant|endoftext|endofprompt|start_header_id|end_header_id|eot_id|eom_id|begin_of_text|end_of_text|start|end|message|channel|return|call|constrain|fim_prefix|fim_suffix|fim_middle)[ _]{0,3}\\|>',
    '<</?sys>>',
    '</?(?:system|system[-_](?:reminder|prompt|message)|start_of_turn|end_of_turn|tool_call|tool_result|tool_response|tool_calls|function_calls|function_results|antml:[a-z_]{1,30})>',
    '<(?:invoke|antml:invoke) name=',
  ]),
  ...all('role token', '', ['\\[/?inst\\]', '(?<=\\n[ \\t]{0,3}\\n)human: (?=[^\\n])']),
  ...all('role token', '##', [
    '(?<![^\\n])#{2,4} {1,3}(?:system|assistant|developer)(?: (?:prompt|message|instructions?))?:',
  ]),
  {
    kind: 'script run unread',
    pattern: new RegExp(`(?<![a-z0-9-])${DOWNLOAD}`, 'g'),
    hint: '|',
    followed: new RegExp(`\\| {0,4}${SHELL}`, 'g'),
  },
  {
    kind: 'script run unread',
    pattern: /(?<![a-z0-9])base64 {1,4}(?:-d|--decode|-di)(?![a-z])/g,
    hint: '|',
    followed: new RegExp(`\\| {0,4}${SHELL}`, 'g'),
  },
  ...all('script run unread', '', [
    `[$<\`]\\(?(?<=(?<![a-z0-9-])(?:(?:ba|z|da|k|c|fi|a)?sh|source|eval|iex)(?: {1,4}-[a-z]{1,4}){0,3} {1,4}["'\`]?[$<\`]\\(?) {0,4}${DOWNLOAD}`,
    '(?<![a-z0-9])(?:iex|invoke-expression)[ (]{1,4}[^\\n]{0,40}(?:downloadstring|iwr|irm|invoke-webrequest)',
    '(?<![a-z0-9.])(?:eval|exec|function) {0,4}\\( {0,4}(?:atob|base64\\.b64decode|buffer\\.from|codecs\\.decode|bytes\\.fromhex) {0,4}\\(',
    '(?<![a-z0-9])powershell(?:\\.exe)? (?:-[a-z]{1,20} (?:[a-z]{1,20} )?){0,4}-e(?:nc|ncodedcommand)? {1,4}[a-z0-9+/]{20}',
  ]),
  {
    kind: 'data sent away',
    pattern: new RegExp(`(?<![a-z0-9-])${UPLOAD}(?= )`, 'g'),
    followed: new RegExp(
      `(?:@|<|(?:\\$\\(|\`) {0,2}(?:cat|base64|gzip|tar)(?: -[a-z0-9]{1,6}){0,2} )["' ]{0,3}[^\\s|;&"']{0,60}${SENSITIVE}`,
      'g',
    ),
  },
  {
    kind: 'data sent away',
    pattern: new RegExp(
      `(?<![a-z0-9])(?:cat|base64|tar|zip|gzip|xxd)(?: -[a-z0-9]{1,6}){0,2} [^\\s|;&]{0,60}${SENSITIVE}`,
      'g',
    ),
    hint: '|',
    followed: new RegExp(`\\| {0,4}${UPLOAD}(?![a-z0-9])`, 'g'),
  },
  {
    kind: 'data sent away',
    pattern: /(?<![a-z0-9._/-])(?:printenv|env)(?= {0,3}\|)/g,
    hint: '|',
    followed: new RegExp(`\\| {0,4}${UPLOAD}(?![a-z0-9])`, 'g'),
  },
  {
    kind: 'data sent away',
    pattern: /!\[[^\]\n]{0,200}\]\( {0,3}<?https?:\/\/[^\s)]{1,300}/g,
    hint: '![',
    inside: INTERPOLATED,
  },
  {
    kind: 'data sent away',
    pattern: /<img [^>\n]{0,100}?src ?= ?["']?https?:\/\/[^\s"'>]{1,300}/g,
    hint: '<img ',
    inside: INTERPOLATED,
  },
  ...all('tool escalation', '--', [
    '--dangerously-(?:skip-permissions|bypass-approvals-and-sandbox|allow-[a-z-]{1,40})',
    '(?<![a-z0-9-])--yolo(?![a-z0-9-])',
  ]),
  ...all('tool escalation', '', ['bypasspermissions', 'danger-full-access']),
]
