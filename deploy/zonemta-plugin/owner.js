'use strict';

const fs = require('fs');

const PATTERN = /^(main|receiver|sender)-(\d+)-([0-9a-f]{8})-(\d+)$/;

/**
 * The folder name of this process in the spool: context, pid, the boot and the tick it was started at. A pid
 * alone comes back soon, in a container at once.
 *
 * @param {string} context
 * @returns {string}
 */
function ownFolder(context) {
    return `${context}-${process.pid}-${bootId()}-${startTick(process.pid) || 0}`;
}

/**
 * @param {string} folder
 * @returns {boolean | null} whether its process still runs; null if this is no folder of a process
 */
function isOwnerAlive(folder) {
    const match = PATTERN.exec(folder);
    if (!match) {
        return null;
    }
    const [, , pid, boot, tick] = match;
    if (boot !== bootId()) {
        return false;
    }
    if (tick !== '0') {
        return startTick(Number(pid)) === tick;
    }
    try {
        // no /proc here (not Linux): the pid has to do
        process.kill(Number(pid), 0);
        return true;
    } catch (err) {
        return err.code === 'EPERM';
    }
}

/** procfs is memory: these reads never wait for a disk. */
function readProc(path) {
    try {
        return fs.readFileSync(path, 'latin1');
    } catch (err) {
        return '';
    }
}

function bootId() {
    return (readProc('/proc/sys/kernel/random/boot_id').match(/^[0-9a-f]{8}/) || ['00000000'])[0];
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. A zombie writes no more. */
function startTick(pid) {
    const stat = readProc(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.length > 20 && fields[0] !== 'Z' ? fields[19] : null;
}

module.exports = { ownFolder, isOwnerAlive };
