'use strict';

// The caller is nobody that the gateway knows. `reason` is for the log: fixed words, or the code of an error.
class RefusedError extends Error {
    constructor(reason) {
        super('Unauthorized');
        this.reason = reason;
    }
}

// What a log may say of an error: its code, or else its kind. The messages of libraries may repeat what they read.
function reasonOf(error) {
    const code = error.cause?.code ?? error.code;
    return typeof code === 'string' ? code : error.name;
}

module.exports = { RefusedError, reasonOf };
