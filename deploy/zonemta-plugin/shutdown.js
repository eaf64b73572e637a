'use strict';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Calls `save` once before this process ends, whichever way it ends short of SIGKILL.
 *
 * ZoneMTA's main process catches its signals and leaves through process.exit, and so do its children when the
 * queue connection closes: all of these run the exit handler. A child that is signalled itself (systemd signals
 * the whole group) has no handler and would die without one being run, so this adds one that saves and then
 * signals again: the process ends by the same signal as it would have without the plugin. Where ZoneMTA
 * listens itself, nothing is added to what it does.
 *
 * @param {() => void} save synchronous
 * @param {NodeJS.Process} [target]
 * @returns {() => void} takes the handlers away again
 */
module.exports.onShutdown = (save, target = process) => {
    let saved = false;
    const saveOnce = () => {
        if (!saved) {
            saved = true;
            save();
        }
    };
    const handlers = SIGNALS.map(signal => [
        signal,
        () => {
            const others = target.listeners(signal).some(listener => !handlers.some(([, own]) => own === listener));
            if (others) {
                return;
            }
            saveOnce();
            remove();
            target.kill(target.pid, signal);
        }
    ]);
    const remove = () => {
        target.removeListener('exit', saveOnce);
        for (const [signal, handler] of handlers) {
            target.removeListener(signal, handler);
        }
    };
    target.on('exit', saveOnce);
    for (const [signal, handler] of handlers) {
        target.on(signal, handler);
    }
    return remove;
};
