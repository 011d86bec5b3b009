/**
 * Aborts without a reason share one: to make the exception is a tenth of the time of a world. The
 * worlds compare no reasons.
 */
const REASON = new DOMException("The signal has been aborted", "AbortError");
const { abort } = AbortController.prototype;

AbortController.prototype.abort = function (reason: unknown = REASON): void {
  abort.call(this, reason);
};
