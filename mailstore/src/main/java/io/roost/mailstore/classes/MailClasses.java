package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassMethod;
import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** All object classes of the mail store, to be registered with every OSD. */
public final class MailClasses {
    /** Messages. */
    public static final String MAILBOX = "mailbox";

    /** Folders. */
    public static final String FOLDER = "mail-folder";

    /** Accounts. */
    public static final String ACCOUNT = "mail-account";

    /** Expunged messages. */
    public static final String KEPT = "mail-kept";

    /** Accounts made again. */
    public static final String REBUILD = "mail-rebuild";

    /** Objects of checkpoints. */
    public static final String CHECKPOINT = "mail-checkpoint";

    /** Keys and values of programs in front. */
    public static final String DICT = "mail-dict";

    /** Users, in the system pool. */
    public static final String USER = "mail-user";

    /** Version of all these classes: the feature that an OSD with them has. */
    private static final int VERSION = 1;

    private MailClasses() {}

    /** The classes. */
    public static List<ObjectClass> all() {
        return List.of(mailbox(), folder(), account(), kept(), rebuild(), checkpoint(), dict(), user());
    }

    private static ObjectClass mailbox() {
        ClassMethod append = (view, input) ->
                AppendClass.evaluate(view, decode(AppendClass.Parameters::decode, input.parameters()), input.data());
        ClassMethod replace = (view, input) ->
                ReplaceClass.evaluate(view, decode(ReplaceClass.Parameters::decode, input.parameters()), input.data());
        ClassMethod imported = (view, input) ->
                ImportClass.evaluate(view, decode(ImportClass.Parameters::decode, input.parameters()), input.data());
        return new ObjectClass(MAILBOX, VERSION)
                .writing(AppendClass.METHOD, append)
                .writing(ImportClass.IMPORT, imported)
                .writing(ImportClass.ADOPT, method(ImportClass.AdoptParameters::decode, ImportClass::adopt))
                .reading(ImportClass.PRESENT, method(ImportClass.PresentParameters::decode, ImportClass::present))
                .writing(ReplaceClass.METHOD, replace)
                .writing(StoreClass.METHOD, method(StoreClass.Parameters::decode, StoreClass::evaluate))
                .freeing(ExpungeClass.METHOD, method(ExpungeClass.Parameters::decode, ExpungeClass::evaluate))
                .writing(CopyClass.COPY, method(CopyClass.CopyParameters::decode, CopyClass::copy))
                .freeing(CopyUndoClass.METHOD, method(CopyUndoClass.Parameters::decode, CopyUndoClass::evaluate))
                .writing(CopyClass.MOVE, method(CopyClass.Parameters::decode, CopyClass::move))
                .reading(SelectClass.METHOD, method(SelectClass.Parameters::decode, SelectClass::evaluate))
                .reading(ChangesClass.CHANGES, method(ChangesClass.SinceParameters::decode, ChangesClass::changes))
                .reading(ChangesClass.RECORDS, method(ChangesClass.RecordsParameters::decode, ChangesClass::records))
                .reading(ContentClass.CONTENTS, method(ContentClass.ContentsParameters::decode, ContentClass::contents))
                .reading(VerifyClass.METHOD, method(VerifyClass.Parameters::decode, VerifyClass::evaluate))
                .reading(ContentClass.BODY, method(ContentClass.BodyParameters::decode, ContentClass::body));
    }

    private static ObjectClass folder() {
        return new ObjectClass(FOLDER, VERSION)
                .writing(FolderClass.CREATE, method(FolderClass.Parameters::decode, FolderClass::create))
                .freeing(FolderClass.DELETE, method(FolderClass.Parameters::decode, FolderClass::delete))
                .writing(FolderClass.RENAME, method(FolderClass.Parameters::decode, FolderClass::rename))
                .writing(FolderClass.SUBSCRIBE, method(FolderClass.Parameters::decode, FolderClass::subscribe))
                .freeing(FolderClass.UNSUBSCRIBE, method(FolderClass.Parameters::decode, FolderClass::unsubscribe))
                .reading(FolderClass.LIST, method(FolderClass.ListParameters::decode, FolderClass::list))
                .freeing(FolderEndClass.METHOD, method(FolderEndClass.Parameters::decode, FolderEndClass::evaluate));
    }

    private static ObjectClass account() {
        return new ObjectClass(ACCOUNT, VERSION)
                .writing(AccountClass.CREATE, method(AccountClass.Parameters::decode, AccountClass::create))
                .writing(AccountClass.SET_LIMIT, method(AccountClass.Parameters::decode, AccountClass::setLimit));
    }

    private static ObjectClass kept() {
        return new ObjectClass(KEPT, VERSION)
                .reading(KeptClass.LIST, method(KeptClass.ListParameters::decode, KeptClass::list))
                .writing(KeptClass.UNDELETE, method(KeptClass.UndeleteParameters::decode, KeptClass::undelete))
                .freeing(KeptClass.PURGE, method(AccountRef::decode, KeptClass::purge));
    }

    private static ObjectClass rebuild() {
        return new ObjectClass(REBUILD, VERSION)
                .writing(RebuildClass.BEGIN, method(RebuildClass.BeginParameters::decode, RebuildClass::begin))
                .writing(RebuildClass.ROWS, method(RebuildClass.RowsParameters::decode, RebuildClass::rows))
                .writing(RebuildClass.END, method(RebuildClass.EndParameters::decode, RebuildClass::end))
                .reading(RebuildClass.BODIES, method(RebuildClass.BodiesParameters::decode, RebuildClass::bodies));
    }

    private static ObjectClass checkpoint() {
        ClassMethod put = (view, input) -> CheckpointClass.put(
                view, decode(CheckpointClass.PutParameters::decode, input.parameters()), input.data());
        return new ObjectClass(CHECKPOINT, VERSION)
                .writing(CheckpointClass.PUT, put)
                .reading(CheckpointClass.GET, method(ByteReader::bytes, CheckpointClass::get))
                .reading(CheckpointClass.LIST, method(CheckpointClass.ListParameters::decode, CheckpointClass::list))
                .freeing(
                        CheckpointClass.REMOVE,
                        method(CheckpointClass.RemoveParameters::decode, CheckpointClass::remove));
    }

    private static ObjectClass dict() {
        return new ObjectClass(DICT, VERSION)
                .reading(DictClass.GET, method(DictClass.GetParameters::decode, DictClass::get))
                .reading(DictClass.LIST, method(DictClass.ListParameters::decode, DictClass::list))
                .reading(DictClass.ALL, method(DictClass.AllParameters::decode, DictClass::all))
                .writing(DictClass.COMMIT, method(DictClass.CommitParameters::decode, DictClass::commit));
    }

    private static ObjectClass user() {
        return new ObjectClass(USER, VERSION)
                .writing(MailUserClass.CREATE, method(ByteReader::bytes, MailUserClass::create))
                .reading(MailUserClass.GET, method(ByteReader::text, MailUserClass::get))
                .writing(
                        MailUserClass.SET_SECRET,
                        method(MailUserClass.SecretParameters::decode, MailUserClass::setSecret))
                .freeing(MailUserClass.REMOVE, method(ByteReader::text, MailUserClass::remove))
                .reading(MailUserClass.LIST, method(ByteReader::text, MailUserClass::list));
    }

    /** A method over encoded parameters. */
    private static <P> ClassMethod method(
            Function<ByteReader, P> decoder, BiFunction<LocatorView, P, ClassReply> body) {
        return (view, input) -> body.apply(view, decode(decoder, input.parameters()));
    }

    /** Decodes parameters; what breaks a record's own rules is malformed too. */
    private static <P> P decode(Function<ByteReader, P> decoder, Bytes parameters) {
        try {
            return decoder.apply(new ByteReader(parameters));
        } catch (IllegalArgumentException invalid) {
            throw new MalformedBytesException(invalid.getMessage());
        }
    }
}
