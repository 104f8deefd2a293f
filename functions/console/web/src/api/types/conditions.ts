/** The condition language. */
import type { Json } from './words'

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: string; value?: Json }
  | { segment: string; op?: string }
  | { related: string; match?: string; times?: Times; where?: Condition }
  | Activity

/** How often: `exactly`, or `at_least` and `at_most`, or one of these. */
export type Times = Record<string, number | null>

/** Something that happened to a recipient. Its further keys (windows, campaign, URL…) are told by `/v1/meta`. */
export type Activity = { activity: string; times?: Times; where?: Condition } & { [key: string]: Json | Condition | Times | undefined }
