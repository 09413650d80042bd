import { NavLink, Link } from 'react-router';
import { useMe } from '../api/queries/auth';
import { text } from '../text';
import classes from './Header.module.css';
import { isStaff } from './roles';
import { SchemeToggle } from './SchemeToggle';
import { UserMenu } from './UserMenu';

function Account() {
  const { data: me } = useMe();
  return me ? <UserMenu me={me} /> : null;
}

function Navigation() {
  const { data: me } = useMe();
  if (!me || isStaff(me)) return null;
  return (
    <nav aria-label={text.common.navigation}>
      <NavLink to="/candidates/dashboard" className={classes.link}>
        {text.common.navCandidate}
      </NavLink>
    </nav>
  );
}

export interface HeaderProps {
  /** No navigation: an interview is on. */
  quiet?: boolean;
  /** Nobody can be signed in here, so nobody is asked for. */
  anonymous?: boolean;
}

/** The bar at the top of every page that is not of the staff. */
export function Header({ quiet = false, anonymous = false }: HeaderProps) {
  return (
    <header className={classes.header}>
      <Link to="/" className={classes.brand}>
        <img src="/icon.svg" alt="" width={24} height={24} />
        <span>{text.common.product}</span>
      </Link>
      {!quiet && !anonymous && <Navigation />}
      <div className={classes.end}>{anonymous ? <SchemeToggle /> : <Account />}</div>
    </header>
  );
}
