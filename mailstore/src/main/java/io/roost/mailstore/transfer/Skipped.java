package io.roost.mailstore.transfer;

/**
 * A message that does not come in, or go out.
 *
 * @param where its file, its place in one, or its UID
 * @param why in words
 */
public record Skipped(String where, String why) {}
