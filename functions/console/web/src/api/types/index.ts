/** The shapes of the admin API that the console reads. `/v1/meta` describes everything else. */
export type * from './campaigns'
export type * from './conditions'
export type * from './jobs'
export type * from './modules'
export type * from './records'
export type * from './segments'
export type * from './words'
