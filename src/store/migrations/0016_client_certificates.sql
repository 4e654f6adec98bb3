-- Client certificates: tokens whose secret is a key. The row of `token` has the person, the scopes, the life and the end; its hash is a keyed hash of the certificate's own.

-- not_before: what the certificate says. body: its fingerprint, the names in it and how long it lasts, sealed.
CREATE TABLE client_certificate (token {text} PRIMARY KEY, not_before {int} NOT NULL, body {blob} NOT NULL);
