package io.roost.objectstore.auth;

/**
 * The {@code Credential} of a signature of version 4, checked: {@code access key id/date/region/s3/aws4_request}.
 *
 * @param accessKeyId may itself contain slashes
 * @param scope the rest
 */
record Credential(String accessKeyId, CredentialScope scope) {
    /** Where a credential stands, which decides how its errors are told. */
    interface Complaint {
        /** The error for what is wrong with the credential. */
        RuntimeException of(String whatIsWrong);
    }

    /** Reads a credential and checks its scope. */
    static Credential parse(String text, AuthenticationRules rules, Complaint complaint) {
        int terminator = text.lastIndexOf('/');
        int service = text.lastIndexOf('/', terminator - 1);
        int region = text.lastIndexOf('/', service - 1);
        int date = text.lastIndexOf('/', region - 1);
        if (terminator < 0 || service < 0 || region < 0 || date < 1) {
            throw complaint.of("the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        String day = text.substring(date + 1, region);
        if (!AmzDate.isDay(day)) {
            throw complaint.of("incorrect date format \"" + day
                    + "\". This date in the credential must be in the format \"yyyyMMdd\".");
        }
        String claimedService = text.substring(service + 1, terminator);
        if (!claimedService.equals(CredentialScope.SERVICE)) {
            throw complaint.of("incorrect service \"" + claimedService + "\". This endpoint belongs to \"s3\".");
        }
        String claimedTerminator = text.substring(terminator + 1);
        if (!claimedTerminator.equals(CredentialScope.TERMINATOR)) {
            throw complaint.of(
                    "incorrect terminal \"" + claimedTerminator + "\". This endpoint uses \"aws4_request\".");
        }
        String claimedRegion = text.substring(region + 1, service);
        if (rules.regionRule() == AuthenticationRules.RegionRule.EXACT && !claimedRegion.equals(rules.region())) {
            throw complaint.of("the region '" + claimedRegion + "' is wrong; expecting '" + rules.region() + "'");
        }
        return new Credential(text.substring(0, date), new CredentialScope(day, claimedRegion));
    }
}
