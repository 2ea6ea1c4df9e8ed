import { firstLetters } from './first-letters.ts'

/** What a text that speaks past its author tries to do. */
export type InjectionKind =
  | 'override of instructions'
  | 'role token'
  | 'data sent away'
  | 'script run unread'
  | 'secrecy towards the user'
  | 'hidden instruction'
  | 'tool escalation'

/** A phrase in folded text; `pattern` is sticky, to be tried where a word begins with one of `begins`. */
export interface InjectionPhrase {
  readonly kind: InjectionKind
  readonly pattern: RegExp
  readonly begins: readonly string[]
}

/** Whatever stands between two words: spaces, emphasis, a line break with its quote mark. */
const GAP = '[^a-z0-9]{1,12}'
const WORD = '[a-z0-9]{1,30}'

/** Some words more, at most so many. */
const more = (count: number) => `(?:${GAP}${WORD}){0,${count}}?`

/** Compiles phrases: a space is a gap, `…3` is up to three more words. Every part is bounded, so the search is linear. */
function phrases(kind: InjectionKind, lines: readonly string[]): InjectionPhrase[] {
  return lines.map((line) => {
    const source = line.replace(/ ?…([0-9]{1,2})/g, (_, count) => more(Number(count))).replaceAll(' ', GAP)
    return { kind, pattern: new RegExp(`(?:${source})(?![a-z0-9])`, 'y'), begins: firstLetters(source) }
  })
}

const NOT = '(?:do not|don t|dont|never|must not|should not|may not)'
const DISMISS = `(?:ignore|disregard|forget|pay no attention to|(?:${NOT}|stop|cease) (?:follow|following|obey|obeying|comply with|complying with|listen to|listening to))`
const REPLACE = '(?:override|overrule|bypass|discard|neglect|replace|drop|abandon)'
const EARLIER = '(?:previous|previously|prior|preceding|foregoing|above|earlier|original|initial)'
const ORDERS =
  '(?:instructions?|prompts?|directions|directives?|guidelines|guardrails|orders|rules|programming|training|constraints|restrictions|policies|commands)'
const SPOKEN = '(?:instructions?|prompts?|directions|directives?|guidelines|guardrails|orders)'
const PERSON =
  '(?:the |your |any |their )?(?:users?|humans?|developers?|operators?|owners?|maintainers?|anyone|anybody)'
const SECRETS =
  '(?:environment variables|env vars|env files?|env|credentials|secrets|api keys|access keys|access tokens|auth tokens|passwords|ssh keys?|private keys?|cookies|conversation|chat history|system prompt|source code|codebase|contents of …4)'
/** Telling an agent not to obey what it finds in files is the opposite of an attack. */
const FOUND =
  '(?! (?:in|inside|within|from|embedded|contained|found|that|which|you find|hidden|written|it|they))'

/** Sentences; each is written as it is read aloud. */
export const PHRASES: readonly InjectionPhrase[] = [
  ...phrases('override of instructions', [
    `${DISMISS} …3 (?:${EARLIER}|system|developer|safety) …2 ${ORDERS}`,
    `${REPLACE} …3 ${EARLIER} …2 ${SPOKEN}`,
    `${DISMISS} (?:all|any|every|each)(?: of)?(?: (?:the|your|these|those|its|other))? ${SPOKEN}${FOUND}`,
    `${DISMISS} your ${ORDERS}`,
    `${DISMISS} (?:everything|anything|all|whatever)(?: that)?(?: (?:you were|you have been|you ve been|was|has been))? (?:told|said|written|instructed|(?:of )?the above|(?:above|before|so far)(?! (?:the|this|that|a|it|and)))`,
    `(?:the|all|any|your) (?:above|previous|prior|earlier|original|preceding) ${SPOKEN} (?:are|is|were|was|have been|has been) (?:now )?(?:void|null|obsolete|superseded|replaced|cancell?ed|revoked|overridden|no longer valid|fake)`,
    `(?:the|all|any|your) (?:above|previous|prior|earlier|original|preceding) ${SPOKEN} no longer (?:apply|applies|hold|count)`,
    'your (?:new|real|true|actual) (?:instructions|orders|directives|system prompt) (?:is|are|follow|now)',
    '(?:new|updated|revised|real|actual) (?:system )?(?:instructions|prompt) (?:begin|begins|start|starts|supersede|supersedes|override|overrides) (?:here|now|below|all|any|the|your|every|previous|prior)',
    '(?:from now on|henceforth|starting now) you (?:are|will be|will act as|must act as|answer as) …3 (?:unrestricted|unfiltered|uncensored|jailbroken|dan|evil)',
    'you are now (?:dan|in (?:developer|god|debug|admin|root|unrestricted|jailbreak) mode|(?:an? )?(?:unrestricted|unfiltered|uncensored|jailbroken|evil) …1)',
    '(?:enable|enter|activate|engage|switch to) (?:god|dan|jailbreak|unrestricted|jailbroken) mode',
    '(?:act|behave|respond|pretend|answer) as (?:if|though) (?:you (?:have|had)|there (?:are|were)) no (?:rules|restrictions|guidelines|limits|limitations|constraints|guardrails)',
    '(?:do anything now|jailbreak prompt|system override (?:engaged|active|accepted|authori[sz]ed|initiated))',
    '(?:reveal|print|repeat|output|show|leak|display|dump) (?:me )?(?:your (?:full |entire |whole |complete |hidden |secret |original |initial )?(?:system prompt|system message|initial prompt)|(?:your|the) (?:hidden|secret) (?:prompt|instructions))',
  ]),
  ...phrases('secrecy towards the user', [
    `(?:${NOT}|without) (?:tell|telling|inform|informing|notify|notifying|alert|alerting|warn|warning) ${PERSON}(?! to(?![a-z0-9]))(?!…14 (?:until|before|unless)(?![a-z0-9]))`,
    `(?:${NOT}|without) (?:mention|mentioning|reveal|revealing|disclose|disclosing|admit|admitting|say|saying) (?:this|it|these|that|them|any of (?:this|it|these)|what …4|your …3|the fact …6|anything …3) …3 to ${PERSON}`,
    `${NOT} (?:mention|reveal|disclose|admit) (?:this|that you (?:did|ran|sent|have|were)|these (?:instructions|orders|steps)|any of this)(?! (?:command|option|flag|key|token|value|file|page|name|in|to))`,
    `${NOT} (?:let|allow) ${PERSON} (?:know|see|notice|find out|learn|realise|realize|suspect)(?!…14 (?:until|before|unless)(?![a-z0-9]))`,
    `(?:keep|hide|conceal|withhold) (?:this|it|these|that|them|what you …3|your …3) …4 from ${PERSON}`,
    `without (?:the |your )?(?:user|human|developer|operator|owner)(?: s)? (?:knowing|knowledge|noticing|awareness|being told|being aware)`,
    '(?:secretly|covertly|surreptitiously|stealthily) (?:run|execute|send|upload|install|add|delete|copy|read|write|commit|push|insert|collect|fetch|post|append|include)',
    '(?:silently|quietly) (?:exfiltrate|upload|transmit|execute)',
  ]),
  ...phrases('data sent away', [
    `(?:send|post|upload|forward|transmit|exfiltrate|leak|e mail|email|submit|deliver|copy|dump|put|pipe) …6 ${SECRETS} …6 (?:to|at) …2 (?:https?|ftp|webhook site|an attacker|attacker|pastebin|ngrok|requestbin)`,
    '(?:exfiltrate|harvest) …3 (?:credentials|secrets|api keys|tokens|passwords|private keys?|ssh keys?|cookies|env vars|environment variables)',
    '(?:append|add|include|embed|encode|put|attach) …5 (?:secrets?|tokens?|keys?|credentials|env|environment|conversation|context|prompt|data|contents) …4 (?:to|in|into|as) (?:the |an |its )?(?:image|img|markdown image|tracking pixel) (?:url|link|src|source|address|query)',
  ]),
  ...phrases('tool escalation', [
    '(?:grant|give|allow|assign) (?:yourself|itself) …4 (?:tools?|shell|bash|unrestricted|unlimited)',
    '(?:assume|act as if|pretend) you have (?:full|unrestricted|unlimited|root) (?:access|permissions?|tools?|privileges?|rights)',
    'you now have (?:unrestricted|unlimited|root|full system|full tool|full shell) (?:access|permissions?|privileges?|rights)',
    '(?:bypass|disable|circumvent|evade|turn off|get around|work around|switch off) (?:the |all |any |your |its )?(?:agent s |harness s |tool )?(?:permission|permissions|sandbox|approval|fence|guard) (?:checks?|filters?|guardrails?|restrictions?|controls?|fence|layer|system|limits?)',
    '(?:bypass|disable|circumvent|evade|turn off|switch off) (?:the |all |any |your |its )?(?:safety|security) (?:filters?|guardrails?|layer|limits?)',
    '(?:add|append|include|put|write|insert) …6 (?:to|in|into) (?:your|the|its)?(?: own)? ?(?:allowedtools|allowed tools|permission settings)',
    '(?:remove|delete|drop|clear|empty) …6 (?:from )?(?:your |the |its )?(?:own )?(?:disallowedtools|disallowed tools)',
  ]),
]

const MODELS =
  '(?:ais?|llms?|language models?|(?:coding |ai )?agents?|assistants?|bots?|claude|chatgpt|gpt|copilot|cursor|codex|gemini|models?|automated …1)'

/** What a comment says that only a model shall read: rendered markdown hides it from everyone else. */
export const COMMENT_PHRASES: readonly InjectionPhrase[] = phrases('hidden instruction', [
  `(?:if|when|since|as) you are (?:an? |the )?${MODELS}`,
  `(?:notes?|messages?|instructions?|notice|attention|reminder|important|orders?|commands?)(?: (?:to|for))?(?: (?:any|all|the|every))? ${MODELS}`,
  `${MODELS} …8 you (?:must|should|need to|have to|are required to|shall|will)`,
  `you (?:must|should|need to|have to|are required to|shall|will) …12 ${MODELS}`,
])

/** What two squeezed words begin: the same order, its letters spaced out or dressed up. */
export const SQUEEZED =
  /(?:ignore|disregard|forget|override|overrule)(?:all|any)?(?:of)?(?:the|your|my|these|those|its)?(?:previous|prior|above|preceding|earlier|system|foregoing|original)(?:instruction|prompt|direction|directive|rule|guideline|order|command)/g
