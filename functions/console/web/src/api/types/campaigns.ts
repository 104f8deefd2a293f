/** Sends and their results. */
import type { Cost } from './jobs'

/** Somebody of an audience, with what the send would decide about them. */
export interface Recipient {
  module: string
  id: string
  number: string | null
  title: string
  email: string | null
  verdict: string
}

export interface Results {
  as_of: string
  sent: number
  delivered: number
  opened: number
  clicked: number
  bounced: number
  dropped: number
  spam: number
  unsubscribed: number
  no_email: number
  rates: Record<string, number>
  /** Hour by hour, how often each thing happened; an hour without anything is not there. */
  series?: ({ at: string } & Record<string, number | string>)[]
  links?: { url: string; clicks: number }[]
  /** What servers meant that returned mails, with the words heard most often. */
  bounces?: { kind: string; count: number; example: string }[]
  /** Why messages were not sent. */
  reasons?: { status: string; reason: string; count: number }[]
}

/** Who would get a send, and how many would not, by reason. */
export interface AudiencePreview {
  recipients: number
  will_send: number
  exact: boolean
  rate: number
  seconds: number
  cost: Cost
  /** Whose address cannot be the From: answers go to it all the same. */
  replaced_senders?: ReplacedSender[]
  [reason: string]: number | boolean | Cost | ReplacedSender[] | undefined
}

export interface ReplacedSender {
  user: string
  name: string
  from: string
  reply_to: string
}
