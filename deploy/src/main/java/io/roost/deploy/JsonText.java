package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON for a person: an object as aligned names and values, a list of objects as a table. */
final class JsonText {
    private JsonText() {}

    /** Appends a value, each line ended. */
    static void append(JsonNode value, StringBuilder out) {
        if (value.isObject()) {
            appendObject(value, out);
        } else if (value.isArray()) {
            appendArray(value, out);
        } else {
            out.append(value.asText()).append('\n');
        }
    }

    private static void appendObject(JsonNode object, StringBuilder out) {
        int width = 0;
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            width = Math.max(width, names.next().length());
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode value = member.getValue();
            if (value.isContainerNode() && object.size() == 1) {
                append(value, out);
            } else if (value.isContainerNode()) {
                out.append(member.getKey()).append('\n');
                StringBuilder inner = new StringBuilder();
                append(value, inner);
                inner.toString()
                        .lines()
                        .forEach(line -> out.append("  ").append(line).append('\n'));
            } else {
                out.append(padded(member.getKey(), width))
                        .append("  ")
                        .append(text(member.getKey(), value))
                        .append('\n');
            }
        }
    }

    private static void appendArray(JsonNode array, StringBuilder out) {
        if (array.isEmpty()) {
            out.append("none\n");
            return;
        }
        if (!array.get(0).isObject()) {
            array.forEach(element -> append(element, out));
            return;
        }
        List<String> names = new ArrayList<>();
        array.get(0).fieldNames().forEachRemaining(names::add);
        List<List<String>> rows = new ArrayList<>();
        rows.add(names);
        for (JsonNode element : array) {
            List<String> row = new ArrayList<>();
            for (String name : names) {
                JsonNode value = element.path(name);
                row.add(value.isContainerNode() ? value.toString() : text(name, value));
            }
            rows.add(row);
        }
        appendTable(rows, out);
    }

    private static void appendTable(List<List<String>> rows, StringBuilder out) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(padded(row.get(i), widths[i])).append("  ");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    /** Bytes also in a unit that a person can compare. */
    private static String text(String name, JsonNode value) {
        if (!name.endsWith("Bytes") || !value.isIntegralNumber() || value.asLong() < 1024) {
            return value.asText();
        }
        double number = value.asLong();
        int unit = -1;
        for (; number >= 1024; unit++) {
            number /= 1024;
        }
        return String.format(Locale.ROOT, "%s (%.1f %ciB)", value.asText(), number, "KMGTPE".charAt(unit));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
