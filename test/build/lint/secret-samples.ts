/** Secrets that open nothing, drawn from a fixed seed, so that no scanner mistakes this repository for a leak. */

let state = 0x9e3779b9
function next(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

export function draw(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('')
}

const DIGIT = '0123456789'
const HEX = '0123456789abcdef'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const hex = (length: number) => draw(HEX, length)
const word = (length: number) => draw(WORD, length)
const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const der = (head: readonly number[]) =>
  Buffer.from([0x30, 0x82, 0x05, 0x10, ...head, ...Array.from({ length: 80 }, () => next(256))]).toString(
    'base64',
  )
const pem = (label: string) =>
  `-----BEGIN ${label}-----\n${word(64)}\n${word(64)}\n${word(30)}\n-----END ${label}-----`

/** Kind, and how one is written: name and all, where only its name tells. */
export const SAMPLES: readonly (readonly [kind: string, written: string])[] = [
  ['AWS access key', `AKIA${draw(UPPER, 16)}`],
  ['AWS access key', `ASIA${draw(UPPER, 16)}`],
  ['AWS secret key', `aws_secret_access_key = ${word(40)}`],
  ['AWS secret key', `"SecretAccessKey": "${word(40)}"`],
  ['Anthropic key', `sk-ant-api03-${word(93)}AA`],
  ['OpenAI key', `sk-proj-${word(48)}`],
  ['OpenAI key', `sk-${word(20)}T3BlbkFJ${word(20)}`],
  ['OpenRouter key', `sk-or-v1-${hex(64)}`],
  ['Groq, xAI, Perplexity or Replicate key', `gsk_${word(52)}`],
  ['Google API key', `AIza${word(35)}`],
  ['Google OAuth secret', `GOCSPX-${word(28)}`],
  ['Google service account key', `"private_key_id": "${hex(40)}"`],
  ['GitHub token', `ghp_${word(36)}`],
  ['GitHub token', `gho_${word(36)}`],
  ['GitHub token', `ghs_${word(36)}`],
  ['GitHub token', `github_pat_${word(22)}_${word(59)}`],
  ['GitLab token', `glpat-${word(20)}`],
  ['Slack token', `xoxb-${draw(DIGIT, 12)}-${draw(DIGIT, 13)}-${word(24)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${draw(UPPER, 8)}/B${draw(UPPER, 8)}/${word(24)}`],
  ['Stripe key', `sk_live_${word(24)}`],
  ['Stripe key', `rk_test_${word(40)}`],
  ['Twilio key', `SK${hex(32)}`],
  ['Twilio token', `TWILIO_AUTH_TOKEN=${hex(32)}`],
  ['SendGrid key', `SG.${word(22)}.${word(43)}`],
  ['Mailgun key', `key-${hex(32)}`],
  ['Mailchimp key', `${hex(32)}-us12`],
  ['npm token', `npm_${word(36)}`],
  [
    'npm registry credential',
    `//registry.npmjs.org/:_authToken=${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  ],
  ['PyPI token', `pypi-AgE${word(90)}`],
  ['PostHog key', `phx_${word(43)}`],
  ['Discord token', `M${word(25)}.${word(6)}.${word(30)}`],
  ['Discord webhook', `https://discord.com/api/webhooks/${draw(DIGIT, 18)}/${word(68)}`],
  ['Telegram bot token', `${draw(DIGIT, 10)}:AA${word(33)}`],
  ['Azure storage key', `AccountName=files;AccountKey=${word(86)}==`],
  ['Azure connection string', `SharedAccessKeyName=Root;SharedAccessKey=${word(43)}=`],
  ['Azure client secret', `${word(3)}8Q~${word(34)}`],
  ['database password', `postgres://app:${word(16)}@db.internal.net:5432/app`],
  ['database password', `mongodb+srv://app:${word(16)}@cluster0.abcde.mongodb.net`],
  ['password in a URL', `https://deploy:${word(20)}@git.internal.net/app.git`],
  ['private key', pem('RSA PRIVATE KEY')],
  ['private key', pem('OPENSSH PRIVATE KEY')],
  ['private key', pem('ENCRYPTED PRIVATE KEY')],
  ['private key', pem('PRIVATE KEY').replaceAll('\n', '\\n')],
  ['PGP private key', pem('PGP PRIVATE KEY BLOCK').replace('\n', '\nVersion: GnuPG v2\n\n')],
  [
    'PuTTY private key',
    `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n${word(44)}`,
  ],
  ['keystore or bare private key', der([0x02, 0x01, 0x03, 0x30])],
  ['keystore or bare private key', der([0x02, 0x01, 0x00, 0x30])],
  ['JSON web token', `${json({ alg: 'HS256', typ: 'JWT' })}.${json({ sub: '84', name: 'A' })}.${word(43)}`],
  ['Hugging Face token', `hf_${word(34)}`],
  ['DigitalOcean token', `dop_v1_${hex(64)}`],
  ['Cloudflare origin key', `v1.0-${hex(24)}-${hex(146)}`],
  ['Cloudflare token', `CLOUDFLARE_API_TOKEN: ${word(40)}`],
  ['Heroku key', `HRKU-${word(60)}`],
  ['Heroku key', `heroku_api_key: "${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}"`],
  ['Shopify token', `shpat_${hex(32)}`],
  ['Linear key', `lin_api_${word(40)}`],
  ['Notion token', `ntn_${word(46)}`],
  ['Datadog key', `DD_API_KEY=${hex(32)}`],
  ['New Relic key', `NRAK-${word(27)}`],
  ['Sentry token', `sntryu_${hex(64)}`],
  ['Grafana token', `glsa_${word(32)}_${hex(8)}`],
  ['Docker token', `dckr_pat_${word(27)}`],
  ['Vault token', `hvs.${word(90)}`],
  ['Terraform token', `${word(14)}.atlasv1.${word(67)}`],
  ['Databricks token', `dapi${hex(32)}`],
  ['Supabase key', `sbp_${hex(40)}`],
  ['Figma token', `figd_${word(40)}`],
  ['Airtable token', `pat${word(14)}.${hex(64)}`],
  ['Postman key', `PMAK-${hex(24)}-${hex(34)}`],
  ['PlanetScale credential', `pscale_tkn_${word(43)}`],
  ['Doppler token', `dp.pt.${word(43)}`],
  ['Mapbox secret', `sk.${json({ u: word(20), a: word(25) })}.${word(22)}`],
  ['age key', `AGE-SECRET-KEY-1${draw(UPPER, 58)}`],
  ['credential', `clientSecret: "x9K${word(29)}"`],
]

/** What documents show in a secret's place. None is one. */
export const PLACEHOLDERS: readonly string[] = [
  'ANTHROPIC_API_KEY=sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxx',
  'sk-ant-your-key-here-and-nothing-else-at-all',
  'sk-proj-abc123def456ghi789jkl012mno345pqr678',
  'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'AKIAIOSFODNN7EXAMPLE',
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
  'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'ghp_<your token>',
  'glpat-XXXXXXXXXXXXXXXXXXXX',
  'xoxb-your-token-goes-here',
  'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
  'sk_test_4eC39HqLyjWDarjtT1zdp7dc'.slice(0, 12),
  'sk_live_xxxxxxxxxxxxxxxxxxxxxxxx',
  'npm_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
  'phx_<personal-api-key>',
  'phx_your_personal_api_key_goes_right_here',
  `phc_${draw(WORD, 43)}`,
  `NEXT_PUBLIC_POSTHOG_PROJECT_TOKEN=phc_${draw(WORD, 43)}`,
  'access_token: NEXT_PUBLIC_POSTHOG_PROJECT_TOKEN_VALUE',
  'const accessToken = process.env.POSTHOG_PERSONAL_API_KEY',
  'password: the-correct-horse-battery-staple-of-old',
  'postgres://user:password@db.internal.net/app',
  'postgres://postgres:postgres@localhost:5432/app',
  'postgres://app:' + '$' + '{DB_PASSWORD}@db.internal.net/app',
  'postgresql://app:<password>@db.internal.net/app',
  'mongodb://root:example123@mongo.example.com',
  'redis://default:Zq8kWm2pLr@localhost:6379',
  'https://user:pass@internal.net/',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA...\n-----END RSA PRIVATE KEY-----',
  'Paste everything from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`.',
  `-----BEGIN PUBLIC KEY-----\n${draw(WORD, 64)}\n${draw(WORD, 64)}\n-----END PUBLIC KEY-----`,
  `${json({ alg: 'HS256', typ: 'JWT' })}.${json({ sub: '1234567890', name: 'John Doe', iat: 1516239022 })}.${draw(WORD, 43)}`,
  'eyJhbGciOi...eyJzdWIiOi...signature',
  'AccountName=x;AccountKey=<key>;EndpointSuffix=core.windows.net',
  'DD_API_KEY=00000000000000000000000000000000',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  'skeleton-key-of-the-whole-long-story-of-us10',
]
