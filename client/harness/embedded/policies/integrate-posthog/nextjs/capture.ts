import { styleOf, withImport } from '../../../source/module.ts'
import { insertLine } from '../../../source/statements.ts'
import { successPoint } from '../../../source/success.ts'
import type { CaptureStyle } from '../capture.ts'
import { propertiesText } from '../capture-plan.ts'

/** One line in the handler, behind the check that the action has succeeded. */
export const captureInHandler: CaptureStyle = {
  isThere: (text, { name }) => new RegExp(`posthog\\.capture\\(\\s*["'\`]${name}["'\`]`).test(text),
  insert: async (text, { name, handler, properties }) => {
    const point = successPoint(text, handler)
    if (!point) return undefined
    const { quote, semicolon } = styleOf(text)
    const facts = propertiesText(properties)
    const call = `posthog.capture(${quote}${name}${quote}${facts ? `, ${facts}` : ''})${semicolon}`
    return withImport(insertLine(text, call, point), { binding: 'posthog', from: 'posthog-js' })
  },
}
