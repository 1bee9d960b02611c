package io.roost.objectstore.object;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.layout.PartPage;

/** The number of a part in a query. */
public final class PartNumber {
    private PartNumber() {}

    /** The number that a request names; InvalidArgument when it is none from 1 to 10,000. */
    public static int of(S3Request request) {
        String text = request.query().text("partNumber");
        try {
            int number = text == null ? 0 : Integer.parseInt(text);
            if (number >= 1 && number <= PartPage.MAX_PART_NUMBER) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw new S3Exception(
                S3Error.INVALID_ARGUMENT,
                "Part number must be an integer between 1 and " + PartPage.MAX_PART_NUMBER + ", inclusive",
                new S3Exception.Detail("ArgumentName", "partNumber"),
                new S3Exception.Detail("ArgumentValue", String.valueOf(text)));
    }
}
