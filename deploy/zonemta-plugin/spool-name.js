'use strict';

const PATTERN = /^(\d{13})_([0-9a-f-]{36})_(\d{1,5})_(\d{1,10})\.json\.gz$/;

/**
 * A spool file tells all that housekeeping needs without being opened:
 * `<sealed, epoch ms>_<batch>_<events>_<bytes>.json.gz`. Names sort by age.
 */
module.exports.formatSpoolName = batch =>
    `${String(batch.sealedMs).padStart(13, '0')}_${batch.name}_${batch.count}_${batch.bytes.length}.json.gz`;

/**
 * @param {string} file
 * @returns {{file: string, sealedMs: number, name: string, count: number, size: number} | null} null for any other file
 */
module.exports.parseSpoolName = file => {
    const match = PATTERN.exec(file);
    return match && { file, sealedMs: Number(match[1]), name: match[2], count: Number(match[3]), size: Number(match[4]) };
};
