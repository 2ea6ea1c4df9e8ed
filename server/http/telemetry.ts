import { randomUUID } from 'node:crypto'
import type { ChannelChange } from '../channels/board.ts'
import { changeEvents } from './events/change-events.ts'
import { type EventHub, openEventHub } from './events/hub.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { openTraffic, type Traffic } from './traffic.ts'

/** What the server knows of itself, for those who watch it. */
export interface Telemetry {
  readonly hub: EventHub
  readonly metrics: Metrics
  readonly traffic: Traffic
  /** Tells events and figures of a change. Never throws. */
  readonly change: (change: ChannelChange) => void
}

/** The telemetry of one server. */
export function openTelemetry(): Telemetry {
  const hub = openEventHub({ epoch: randomUUID().slice(0, 8) })
  const metrics = openMetrics()
  return {
    hub,
    metrics,
    traffic: openTraffic(),
    change: (change) => {
      hub.tell(changeEvents(change))
      metrics.change(change)
    },
  }
}
