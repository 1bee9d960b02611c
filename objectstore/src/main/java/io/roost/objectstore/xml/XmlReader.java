package io.roost.objectstore.xml;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Steps through the elements of a request's document. Document types and entities are refused; the caller bounds the
 * size by what it reads. Namespaces are not looked at, as clients differ in them.
 */
final class XmlReader {
    private final XMLStreamReader reader;

    /** Opens a document whose root element must have the given name. */
    XmlReader(Bytes document, String rootName) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        try {
            reader = factory.createXMLStreamReader(new ByteArrayInputStream(document.array()));
            int event = reader.next();
            while (event == XMLStreamConstants.COMMENT
                    || event == XMLStreamConstants.PROCESSING_INSTRUCTION
                    || event == XMLStreamConstants.SPACE) {
                event = reader.next();
            }
            if (event != XMLStreamConstants.START_ELEMENT
                    || !reader.getLocalName().equals(rootName)) {
                throw malformed();
            }
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }

    static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** The name of the next child of the element opened, or null at that element's end, which is left. */
    String nextChild() {
        try {
            while (true) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        return reader.getLocalName();
                    }
                    case XMLStreamConstants.END_ELEMENT, XMLStreamConstants.END_DOCUMENT -> {
                        return null;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (!reader.isWhiteSpace()) {
                            throw malformed();
                        }
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }

    /** The text of the element just opened, which is left. */
    String text() {
        try {
            return reader.getElementText();
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }

    /** The number in the element just opened, which is left. */
    int number() {
        try {
            return Integer.parseInt(text().strip());
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    /** Leaves the element just opened with all that is in it. */
    void skip() {
        try {
            int depth = 1;
            while (depth > 0) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
                    throw malformed();
                }
            }
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }
}
