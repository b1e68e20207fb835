/** Something to tell the person in passing. */
export interface Notice {
  text: string
  tone?: 'plain' | 'bad'
  /** Offered beside the text, once. */
  action?: { label: string; run: () => void }
}

let show: (notice: Notice) => void = () => {}

/** Tells the person; whoever draws notices has said how. */
export function notify(notice: Notice): void {
  show(notice)
}

export function drawNoticesWith(draw: (notice: Notice) => void): void {
  show = draw
}
