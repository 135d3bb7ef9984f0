"""Who may read the sheet."""

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

READ = reading("measures.read", title=_("查看运行指标"))
