/** Every reason for which a channel is not believed where a key is pinned: `trust/<problem>`, and what it means. */
export const TRUST_PROBLEMS = {
  key: 'What was given as a key is none',
  'no-channel':
    'The address names neither a channel nor a release, so there is nothing that a key could vouch for',
  'no-pointer': 'The channel has no pointer',
  'wrong-channel': 'The pointer is of another channel',
  unsigned: 'The pointer is not signed',
  'wrong-key': 'The pointer is signed by another key',
  signature: 'The signature is not over these fields: one of them was changed',
  expired: 'The pointer has come to its end',
  rollback: 'The serial is lower than one that was seen before',
  forked: 'The serial was seen before, with another release',
  index: 'The list of artifacts is not the one that the release is named after',
  memory: 'What is remembered of the channel cannot be read or written, so no step back could be noticed',
} as const
export type TrustProblem = keyof typeof TRUST_PROBLEMS

/** Every reason for which what a server says is not taken: `run/<problem>`, and what it means. */
export const FETCH_PROBLEMS = {
  'base-invalid': 'The address of the server is none',
  'server-unreachable': 'Nobody answers there',
  'server-failed': 'The server failed three times',
  'too-slow': 'The answer, or all of them, took too long',
  'cut-off': 'The answer broke off, or cannot be unpacked',
  'not-served': 'The answer is another one than 200, or a chain of redirects',
  'not-content': 'The answer is a web page',
  'too-large': 'The answer is larger than anything that could be meant, or than its menu promises',
  'foreign-url': 'An address leads to another host, port or scheme, or carries a password',
  'digest-mismatch': 'The bytes are not those that the menu promises',
  'menu-invalid': 'A menu is no menu, or of another release',
  'flow-invalid': 'The prompts of a flow do not fit together',
  'unknown-flow': 'The release has no such flow',
  'skill-missing': 'A prompt names a skill that the release does not have for this app',
} as const
