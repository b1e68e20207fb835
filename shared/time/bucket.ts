/** A month of the timeline, `2024-07`, in the local time of the place where the pictures were taken. */
export type Bucket = string

/** The bucket of a local date-time text (`2024-07-31T18:05:12`). */
export function bucketOf(localDateTime: string): Bucket {
  return localDateTime.slice(0, 7)
}

/** Whether a text from outside is a bucket. */
export function isBucket(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
}
