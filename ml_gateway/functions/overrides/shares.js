'use strict';
// Shares: whole percents by version, together 100. An override has `split`, which counts now, and `instead_of`, the
// shares of the file that it stands in for. Once the file has others, it counts for nothing.

const ALL = 100;

function areShares(shares) {
    const values = isMap(shares) ? Object.values(shares) : [];
    const whole = values.every(share => Number.isInteger(share) && share >= 0);
    return whole && values.reduce((sum, share) => sum + share, 0) === ALL;
}

// Whether the value of a key stands in for these shares, whatever it says instead.
function standsInFor(value, shares) {
    const found = read(value)?.instead_of;
    return haveSameVersions(found, shares) && Object.keys(shares).every(version => found[version] === shares[version]);
}

// The shares that count instead of these, by the value of a key. Undefined where the file's count.
function overrideOf(value, shares) {
    if (!standsInFor(value, shares)) {
        return undefined;
    }
    const { split } = read(value);
    return areShares(split) && haveSameVersions(split, shares) ? split : undefined;
}

function moved(shares, from, to) {
    return { ...shares, [from]: 0, [to]: shares[to] + shares[from] };
}

function written(split, insteadOf) {
    return JSON.stringify({ split, instead_of: insteadOf });
}

// For people, and as an id: the same text for the same shares.
function told(shares) {
    return Object.keys(shares).sort().map(version => `${version}=${shares[version]}`).join(',');
}

// Anybody may have written the value by hand.
function read(value) {
    try {
        return JSON.parse(value);
    } catch {
        return undefined;
    }
}

function haveSameVersions(some, others) {
    return isMap(some) && Object.keys(some).length === Object.keys(others).length
        && Object.keys(others).every(version => Object.hasOwn(some, version));
}

function isMap(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

module.exports = { areShares, moved, overrideOf, standsInFor, told, written };
