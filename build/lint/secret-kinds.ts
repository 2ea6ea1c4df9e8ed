/** One kind of secret: how it is written, and which part of it is random. */
export interface SecretKind {
  readonly kind: string
  /**
   * Group 1, if there is one, is the random part. No repetition may be followed by something that can fail
   * far away from where the repetition began: that keeps the search linear on hostile text.
   */
  readonly pattern: RegExp
  /** What the pattern cannot tell, given the random part, the text after the match, and the match. It then also judges placeholders, if `alone`. */
  readonly holds?: (random: string, after: string, match: string) => boolean
  readonly alone?: true
  /** Group 1 is all of the secret; what stands before it is the name it is given to. */
  readonly named?: true
  /** Group 1 stands before the match and is part of the secret. */
  readonly begins?: true
  /** Stands in every match; sought first, because that is much faster than the pattern. */
  readonly hint?: string
  /** Can stand in a text that has no run of `LONG_RUN` characters. */
  readonly inPlainText?: true
}

/** Characters in a row, letters, digits and `_+/-`, that are part of nearly every token and rare in prose. */
export const LONG_RUN = 20

/** Characters that make a token part of a longer word, so that a look-alike in the middle of one is not it. */
const START = '(?<![A-Za-z0-9])'
const END = '(?![A-Za-z0-9])'

/** A token that says by its own first letters what it is. */
function token(kind: string, ...shapes: readonly string[]): SecretKind {
  return { kind, pattern: new RegExp(`${START}(?:${shapes.join('|')})${END}`, 'g') }
}

/** A kind whose pattern is slow on plain prose. */
function hinted(hint: string, kind: SecretKind): SecretKind {
  return { ...kind, hint }
}

/** A value that only the name it is given to tells; `shape` is the value. */
function named(kind: string, name: string, shape: string): SecretKind {
  const assigned = `["']?\\s{0,8}(?:[:=]|=>)\\s{0,8}["'\`]?`
  return { kind, pattern: new RegExp(`(?:${name})${assigned}(?:${shape})${END}`, 'gi'), named: true }
}

const HEX = '[0-9a-f]'
const WORD = '[A-Za-z0-9]'
const URLSAFE = '[A-Za-z0-9_-]'
const BASE64 = '[A-Za-z0-9+/]'

/** Every kind with a shape of its own; key material and URLs are in files of their own. */
export const TOKEN_KINDS: readonly SecretKind[] = [
  token('AWS access key', '(?:AKIA|ASIA|ABIA|ACCA)([A-Z0-9]{16})'),
  named('AWS secret key', 'aws_?secret_?(?:access_?)?key|secret_?access_?key', `(${BASE64}{40})`),
  token('Anthropic key', `sk-ant-(?:api|admin|sid|oat|ort)[0-9]{2}-(${URLSAFE}{20,200})`),
  token(
    'OpenAI key',
    `sk-(?:proj|svcacct|admin)-(${URLSAFE}{20,200})`,
    `sk-(${WORD}{20}T3BlbkFJ${WORD}{20})`,
    `sk-(${WORD}{40,64})`,
  ),
  token('OpenRouter key', `sk-or-v1-(${HEX}{64})`),
  token('Groq, xAI, Perplexity or Replicate key', `(?:gsk_|xai-|pplx-|r8_)(${WORD}{37,100})`),
  token('Google API key', `AIza(${URLSAFE}{35})`),
  token('Google OAuth secret', `GOCSPX-(${URLSAFE}{28})`, `ya29\\.(${URLSAFE}{30,300})`),
  named('Google service account key', 'private_key_id', `(${HEX}{40})`),
  token('GitHub token', `gh[pousr]_(${WORD}{36,255})`, `github_pat_([A-Za-z0-9_]{36,255})`),
  token('GitLab token', `gl(?:pat|dt|rt|cbt|ptt|oas|ft|soat|agent)-(${URLSAFE}{20,100})`),
  {
    ...hinted('xox', token('Slack token', `xox[abeoprs]-((?:${WORD}{1,100}-){0,4}${WORD}{10,100})`)),
    inPlainText: true,
  },
  token('Slack token', 'xapp-[0-9]-([A-Za-z0-9-]{20,200})'),
  token(
    'Slack webhook',
    `hooks\\.slack\\.com/(?:services|workflows|triggers)/[TE]${WORD}{6,14}/${WORD}{6,20}/(${WORD}{16,80})`,
  ),
  token('Stripe key', `[sr]k_(?:live|test)_(${WORD}{16,250})`, `whsec_(${BASE64}{32,64})`),
  token('Twilio key', `SK(${HEX}{32})`),
  named('Twilio token', 'twilio_?(?:auth_?)?token|twilio_?api_?secret', `(${WORD}{32})`),
  token('SendGrid key', `SG\\.(${URLSAFE}{22}\\.${URLSAFE}{43})`),
  token('Mailgun key', `key-(${HEX}{32})`),
  named('Mailgun key', 'mailgun_?(?:api_?|private_?|signing_?)?key', `(${HEX}{32}-${HEX}{8}-${HEX}{8})`),
  hinted('-us', token('Mailchimp key', `(${HEX}{32})-us[0-9]{1,2}`)),
  token('npm token', `npm_(${WORD}{36})`),
  token('PyPI token', `pypi-AgE(${URLSAFE}{50,400})`),
  token('PostHog key', `ph[xsar]_(${WORD}{32,80})`),
  token('Discord token', `([MNO]${URLSAFE}{23,27}\\.${URLSAFE}{6}\\.${URLSAFE}{27,40})`),
  token('Discord webhook', `discord(?:app)?\\.com/api/webhooks/[0-9]{17,20}/(${URLSAFE}{60,80})`),
  token('Telegram bot token', `[0-9]{8,10}:A(${URLSAFE}{34})`),
  { kind: 'Azure storage key', pattern: /AccountKey=([A-Za-z0-9+/]{86})==/g },
  {
    hint: 'SharedAccessKey=',
    kind: 'Azure connection string',
    pattern: /SharedAccessKey=([A-Za-z0-9+/]{43})=/g,
  },
  {
    ...hinted('Q~', token('Azure client secret', '([A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})')),
    inPlainText: true,
  },
  token('Hugging Face token', `hf_(${WORD}{34,40})`, `api_org_(${WORD}{34})`),
  token('DigitalOcean token', `do[opr]_v1_(${HEX}{64})`),
  token('Cloudflare origin key', `v1\\.0-(${HEX}{24}-${HEX}{140,160})`),
  named(
    'Cloudflare token',
    'cloudflare_?(?:api_?)?(?:token|key)|cf_?api_?(?:token|key)',
    `(${URLSAFE}{37,40})`,
  ),
  token('Heroku key', `HRKU-(${URLSAFE}{36,64})`),
  named('Heroku key', 'heroku_?api_?key', `(${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12})`),
  hinted('shp', token('Shopify token', `shp(?:at|ca|pa|ss)_([0-9a-fA-F]{32})`)),
  hinted('lin_', token('Linear key', `lin_(?:api|oauth)_(${WORD}{40,64})`)),
  token('Notion token', `ntn_(${WORD}{43,50})`, `secret_(${WORD}{43})`),
  named('Datadog key', '(?:dd|datadog)_?(?:api|app|application)_?key', `(${HEX}{40}|${HEX}{32})`),
  token('New Relic key', `NRAK-(${WORD}{27})`),
  hinted('sntry', token('Sentry token', `sntrys_(${BASE64}{60,400})`, `sntryu_(${HEX}{64})`)),
  token('Grafana token', `glsa_(${WORD}{32})_${HEX}{8}`, `glc_(${BASE64}{32,400})`),
  hinted('dckr_', token('Docker token', `dckr_(?:pat|oat)_(${URLSAFE}{27,64})`)),
  hinted('hv', token('Vault token', `hv[sbr]\\.(${URLSAFE}{24,300})`)),
  hinted('.atlasv1.', token('Terraform token', `(${WORD}{14}\\.atlasv1\\.${URLSAFE}{60,70})`)),
  token('Databricks token', `dapi(${HEX}{32})`),
  token('Supabase key', `sbp_(${HEX}{40})`, `sb_secret_(${URLSAFE}{22,50})`),
  token('Figma token', `figd_(${URLSAFE}{40})`),
  token('Airtable token', `pat${WORD}{14}\\.(${HEX}{64})`),
  token('Postman key', `PMAK-(${HEX}{24}-${HEX}{34})`),
  token('PlanetScale credential', `pscale_(?:tkn|pw|oauth)_(${URLSAFE}{32,64})`),
  token('Doppler token', `dp\\.(?:pt|st|ct|sa|scim|audit)\\.(${WORD}{40,44})`),
  token('Mapbox secret', `sk\\.(eyJ${URLSAFE}{40,200}\\.${URLSAFE}{20,60})`),
  token('age key', 'AGE-SECRET-KEY-1([A-Z0-9]{58})'),
  token('npm registry credential', `_authToken=(${URLSAFE}{36,100})`),
  {
    ...named(
      'credential',
      '(?:client|app|api|auth|jwt|session|webhook|signing|encryption)_?secret|(?:access|auth|refresh)_?token|passw(?:or)?d',
      `(?!ph[ct]_)(${URLSAFE}{24,128})`,
    ),
    // A name is not a value: without all three it may well be a variable or a sentence.
    holds: (value) => /[0-9][A-Za-z_-]*[0-9]/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value),
  },
]
