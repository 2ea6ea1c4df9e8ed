import type { SecretKind } from './secret-kinds.ts'

const USER = '[^\\s:/@"\'`<>]{0,60}'
const PASSWORD = '[^\\s:/@"\'`<>]{6,200}'

const DATABASES =
  'postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats|ldaps?|smtps?'

/** The rare part is sought first; what kind of address it is stands before it. */
function address(schemes: string): RegExp {
  return new RegExp(`://(?<=(?<![A-Za-z])(${schemes})://)${USER}:${PASSWORD}@[A-Za-z0-9.[-]{1,100}`, 'g')
}

/** Addresses that carry a password. */
export const URL_CREDENTIALS: readonly SecretKind[] = [
  {
    kind: 'database password',
    pattern: address(DATABASES),
    alone: true,
    begins: true,
    hint: '@',
    inPlainText: true,
    holds: carriesPassword,
  },
  {
    kind: 'password in a URL',
    pattern: address('https?|ftps?|sftp|ssh|git'),
    alone: true,
    begins: true,
    hint: '@',
    inPlainText: true,
    holds: carriesPassword,
  },
]

/** Passwords that only show where one goes, as whole words of it. */
const SHOWN =
  /^(?:my|your|the|a|db|database|user|root|admin|test|dev|local|super)?[-_]?(?:password|passwd|pass|pwd|secret|postgres|mysql|admin|root|guest|changeme|example|redis|rabbitmq|mongo|token|key|apikey|placeholder)[-_]?(?:here|goes|123|1234|12345|word)?$/i
const INTERPOLATED = /[${}%[\]*…]|\.\.\.|x{3}/i
const EXAMPLE_HOST =
  /(?:^|\.)(?:example(?:\.[a-z]+)?|localhost|test|invalid|local)$|^127\.|^\[::1|^0\.0\.0\.0$/i

function carriesPassword(_: string, __: string, url: string): boolean {
  const [, user = '', password = '', host = ''] = /:\/\/([^:]*):(.*)@(.*)$/.exec(url) ?? []
  const escaped = INTERPOLATED.test(password.replace(/%[0-9A-F]{2}/gi, ''))
  if (escaped || SHOWN.test(password) || password === user || password.startsWith('your')) return false
  return !EXAMPLE_HOST.test(host)
}
