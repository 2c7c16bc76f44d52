# What Perl's Email::MIME reads of messages: lines of base64 in, JSON lines out.
use strict;
use warnings;
use Email::Address::XS;
use Email::MIME;
use Encode qw(decode);
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64);

binmode STDOUT, ':raw';
my $json = JSON::PP->new->utf8->canonical;

sub mailboxes {
    my ($mail, $name) = @_;
    my @found = $mail->header_as_obj($name);
    return [map { [$_->phrase // '', $_->address // ''] } map { $_->addresses } @found];
}

while (my $line = <STDIN>) {
    my $mail = Email::MIME->new(decode_base64($line));
    my %part;
    my @files;
    $mail->walk_parts(sub {
        my ($one) = @_;
        return if $one->subparts;
        my $shown = $one->header_raw('Content-Disposition');
        if (defined $shown) {
            my ($id) = ($one->header_raw('Content-ID') // '') =~ m{^<(.*)>$};
            my ($kind) = $one->content_type =~ m{^([^;]*)};
            push @files, [$one->filename // '', $kind, $id // '', encode_base64($one->body, '')];
            return;
        }
        my ($type) = $one->content_type =~ m{^text/([\w-]+)};
        $part{$type} = decode('utf8', $one->body);
    });
    my $link = $mail->header_raw('List-Unsubscribe') // '';
    print $json->encode({
        names => [map { lc } $mail->header_names],
        subject => scalar $mail->header_str('Subject') // '',
        from => mailboxes($mail, 'From'),
        to => mailboxes($mail, 'To'),
        reply => mailboxes($mail, 'Reply-To'),
        link => "List-Unsubscribe: $link",
        text => $part{plain} // '',
        html => $part{html} // '',
        own => { map { (lc $_ => scalar $mail->header_str($_)) } grep { /^x-/i } $mail->header_names },
        files => \@files,
    }), "\n";
}
