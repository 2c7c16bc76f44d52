# Verifies DKIM signatures with Mail::DKIM: one message on standard input, the DNS record as the first argument.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Mail::DKIM::PublicKey;

my $record = shift;
no warnings 'redefine';
*Mail::DKIM::PublicKey::fetch_async = sub {
    my ($class, %about) = @_;
    my $key = $class->parse($record);
    $key->{Selector} = $about{Selector};
    $key->{Domain} = $about{Domain};
    $key->check;
    my $done = $about{Callbacks}{Success};
    my $found = $done ? $done->($key) : $key;
    return sub { $found };
};
my $dkim = Mail::DKIM::Verifier->new;
binmode STDIN;
local $/;
$dkim->PRINT(<STDIN>);
$dkim->CLOSE;
print $dkim->result_detail;
