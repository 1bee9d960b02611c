package io.roost.deploy.bench;

/**
 * Which pages of up to 1000 entries a run that lists asks for.
 *
 * @param place where in the order of keys
 * @param entries what stands in them
 */
public record Pages(Place place, Entries entries) {
    /** Keys, from any place. */
    public static final Pages ANYWHERE = new Pages(Place.ANYWHERE, Entries.KEYS);

    /** Where a page begins. All but the first begin after a key, and leave a full page behind it. */
    public enum Place {
        /** Another place each time. */
        ANYWHERE,
        /** With the first key. */
        BEGINNING,
        /** After the middle of the order of keys. */
        MIDDLE,
        /** Where the last full page is. */
        END
    }

    /** What a page consists of. */
    public enum Entries {
        /** Keys: the request has no delimiter. */
        KEYS,
        /** Common prefixes: the request has a delimiter, and one entry may stand for many keys. */
        FOLDERS
    }

    /** How many entries a bucket with so many keys has, about: keys are spread evenly over the folders. */
    int entriesOf(int objects) {
        return entries == Entries.KEYS ? objects : Math.min(objects, RequestWriter.FOLDERS);
    }

    /** How many a page must have at least. */
    int entriesPerPage(int objects) {
        return Math.min(RequestWriter.ENTRIES_PER_PAGE, entriesOf(objects));
    }
}
