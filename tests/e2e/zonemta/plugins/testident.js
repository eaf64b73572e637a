'use strict';

// The users and the mail policy of the test bed: everybody's password is "secret"; a subject asks for its fate.
module.exports.title = 'Testident';
module.exports.init = async app => {
    app.addHook('smtp:auth', async auth => {
        if (auth.password !== 'secret') {
            const err = new Error('Authentication failed');
            err.name = 'SMTPResponse';
            err.responseCode = 535;
            throw err;
        }
    });
    app.addHook('message:queue', async (envelope, messageInfo) => {
        const subject = envelope.headers.getFirst('subject');
        if (subject.includes('TESTDROP')) {
            throw app.drop(envelope, 'testdrop', messageInfo, '250 dropped');
        }
        if (subject.includes('TESTREJECT')) {
            throw app.reject(envelope, 'testreject', messageInfo, '550 5.7.0 not allowed here');
        }
    });
};
