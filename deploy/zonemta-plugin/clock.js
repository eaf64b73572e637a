'use strict';

/**
 * Time as the plugin sees it; tests hand in their own.
 * Timers never keep a ZoneMTA process alive that wants to end.
 */
module.exports.systemClock = {
    /** @returns {number} epoch ms */
    now: () => Date.now(),

    /**
     * @param {() => void} fn
     * @param {number} delayMs
     * @returns {() => void} cancels the timer
     */
    after(fn, delayMs) {
        const timer = setTimeout(fn, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
    }
};
