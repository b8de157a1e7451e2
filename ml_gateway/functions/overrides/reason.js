'use strict';

// What may be told of an error: its code, or else its kind. The messages of libraries may repeat what they read.
function reasonOf(error) {
    const code = error.cause?.code ?? error.code;
    return typeof code === 'string' ? code : error.name;
}

module.exports = { reasonOf };
