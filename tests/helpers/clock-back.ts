// Loaded before a node: its wall clock is a year slow.
const now = Date.now
const YEAR_MS = 365 * 24 * 3600 * 1000
Date.now = () => now() - YEAR_MS
